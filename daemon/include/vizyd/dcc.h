/*
 * The Dash Core Components, as component.h says; what they do: https://dash.plotly.com/dash-core-components.
 * Written by ui/components.mjs: do not edit.
 */
#pragma once

#include <vizyd/component.h>

/* clang-format off */

#define VZ_DCC_BUTTON(TEXT, NUMBER, TRUTH, VALUE) \
	TEXT(className) VALUE(persistence) VALUE(persisted_props) TEXT(persistence_type) \
	TEXT(type) TRUTH(autoFocus) TRUTH(disabled) TEXT(form) TEXT(formAction) \
	TEXT(formEncType) TEXT(formMethod) TRUTH(formNoValidate) TEXT(formTarget) TEXT(name) \
	VALUE(value) TEXT(accessKey) VALUE(contentEditable) TEXT(dir) TRUTH(draggable) \
	TRUTH(hidden) TEXT(lang) TEXT(role) TRUTH(spellCheck) VALUE(style) NUMBER(tabIndex) \
	TEXT(title) NUMBER(n_blur) NUMBER(n_blur_timestamp) NUMBER(n_clicks) \
	NUMBER(n_clicks_timestamp) VALUE(children)
VZ_DEFINE_COMPONENT_(vz_dcc_button, VZ_DCC_BUTTON);
#define vz_dcc_button(...) \
	vz_dcc_button_new(VZ_DCC, "Button", VZ_GIVEN_(vz_dcc_button, VZ_DCC_BUTTON, __VA_ARGS__))

#define VZ_DCC_CHECKLIST(TEXT, NUMBER, TRUTH, VALUE) \
	VALUE(options) VALUE(value) TRUTH(inline_, "inline") VALUE(style) VALUE(inputStyle) \
	TEXT(inputClassName) VALUE(labelStyle) TEXT(labelClassName) TEXT(className) \
	VALUE(persistence) VALUE(persisted_props) TEXT(persistence_type)
VZ_DEFINE_COMPONENT_(vz_dcc_checklist, VZ_DCC_CHECKLIST);
#define vz_dcc_checklist(...) \
	vz_dcc_checklist_new(VZ_DCC, "Checklist", VZ_GIVEN_(vz_dcc_checklist, VZ_DCC_CHECKLIST, __VA_ARGS__))

#define VZ_DCC_CLIPBOARD(TEXT, NUMBER, TRUTH, VALUE) \
	VALUE(copied_children) VALUE(target_id) TEXT(content) NUMBER(n_clicks) \
	TEXT(html_content) TEXT(title) VALUE(style) TEXT(className) VALUE(children)
VZ_DEFINE_COMPONENT_(vz_dcc_clipboard, VZ_DCC_CLIPBOARD);
#define vz_dcc_clipboard(...) \
	vz_dcc_clipboard_new(VZ_DCC, "Clipboard", VZ_GIVEN_(vz_dcc_clipboard, VZ_DCC_CLIPBOARD, __VA_ARGS__))

#define VZ_DCC_CONFIRM_DIALOG(TEXT, NUMBER, TRUTH, VALUE) \
	TEXT(message) NUMBER(submit_n_clicks) NUMBER(submit_n_clicks_timestamp) \
	NUMBER(cancel_n_clicks) NUMBER(cancel_n_clicks_timestamp) TRUTH(displayed)
VZ_DEFINE_COMPONENT_(vz_dcc_confirm_dialog, VZ_DCC_CONFIRM_DIALOG);
#define vz_dcc_confirm_dialog(...) \
	vz_dcc_confirm_dialog_new(VZ_DCC, "ConfirmDialog", VZ_GIVEN_(vz_dcc_confirm_dialog, VZ_DCC_CONFIRM_DIALOG, __VA_ARGS__))

#define VZ_DCC_CONFIRM_DIALOG_PROVIDER(TEXT, NUMBER, TRUTH, VALUE) \
	TEXT(message) NUMBER(submit_n_clicks) NUMBER(submit_n_clicks_timestamp) \
	NUMBER(cancel_n_clicks) NUMBER(cancel_n_clicks_timestamp) TRUTH(displayed) \
	VALUE(children)
VZ_DEFINE_COMPONENT_(vz_dcc_confirm_dialog_provider, VZ_DCC_CONFIRM_DIALOG_PROVIDER);
#define vz_dcc_confirm_dialog_provider(...) \
	vz_dcc_confirm_dialog_provider_new(VZ_DCC, "ConfirmDialogProvider", VZ_GIVEN_(vz_dcc_confirm_dialog_provider, VZ_DCC_CONFIRM_DIALOG_PROVIDER, __VA_ARGS__))

#define VZ_DCC_DATE_PICKER_RANGE(TEXT, NUMBER, TRUTH, VALUE) \
	VALUE(start_date) VALUE(end_date) NUMBER(minimum_nights) TEXT(updatemode) \
	TEXT(start_date_placeholder_text) TEXT(end_date_placeholder_text) TEXT(start_date_id) \
	TEXT(end_date_id) TEXT(className) VALUE(persistence) VALUE(persisted_props) \
	TEXT(persistence_type) TRUTH(disabled) VALUE(style) TEXT(min_date_allowed) \
	TEXT(max_date_allowed) VALUE(disabled_days) TEXT(placeholder) \
	TEXT(initial_visible_month) TRUTH(clearable) TRUTH(reopen_calendar_on_clear) \
	TEXT(display_format) TEXT(month_format) VALUE(first_day_of_week) \
	TRUTH(show_outside_days) TRUTH(stay_open_on_select) TEXT(calendar_orientation) \
	NUMBER(number_of_months_shown) TRUTH(with_portal) TRUTH(with_full_screen_portal) \
	NUMBER(day_size) TRUTH(is_RTL)
VZ_DEFINE_COMPONENT_(vz_dcc_date_picker_range, VZ_DCC_DATE_PICKER_RANGE);
#define vz_dcc_date_picker_range(...) \
	vz_dcc_date_picker_range_new(VZ_DCC, "DatePickerRange", VZ_GIVEN_(vz_dcc_date_picker_range, VZ_DCC_DATE_PICKER_RANGE, __VA_ARGS__))

#define VZ_DCC_DATE_PICKER_SINGLE(TEXT, NUMBER, TRUTH, VALUE) \
	VALUE(date) TEXT(min_date_allowed) TEXT(max_date_allowed) VALUE(disabled_days) \
	TEXT(placeholder) TEXT(initial_visible_month) TRUTH(clearable) \
	TRUTH(reopen_calendar_on_clear) TEXT(display_format) TEXT(month_format) \
	VALUE(first_day_of_week) TRUTH(show_outside_days) TRUTH(stay_open_on_select) \
	TEXT(calendar_orientation) NUMBER(number_of_months_shown) TRUTH(with_portal) \
	TRUTH(with_full_screen_portal) NUMBER(day_size) TRUTH(is_RTL) TRUTH(disabled) \
	VALUE(style) TEXT(className) VALUE(persistence) VALUE(persisted_props) \
	TEXT(persistence_type)
VZ_DEFINE_COMPONENT_(vz_dcc_date_picker_single, VZ_DCC_DATE_PICKER_SINGLE);
#define vz_dcc_date_picker_single(...) \
	vz_dcc_date_picker_single_new(VZ_DCC, "DatePickerSingle", VZ_GIVEN_(vz_dcc_date_picker_single, VZ_DCC_DATE_PICKER_SINGLE, __VA_ARGS__))

#define VZ_DCC_DOWNLOAD(TEXT, NUMBER, TRUTH, VALUE) \
	VALUE(data) TRUTH(base64) TEXT(type)
VZ_DEFINE_COMPONENT_(vz_dcc_download, VZ_DCC_DOWNLOAD);
#define vz_dcc_download(...) \
	vz_dcc_download_new(VZ_DCC, "Download", VZ_GIVEN_(vz_dcc_download, VZ_DCC_DOWNLOAD, __VA_ARGS__))

#define VZ_DCC_DROPDOWN(TEXT, NUMBER, TRUTH, VALUE) \
	VALUE(options) VALUE(value) TRUTH(multi) TRUTH(clearable) TRUTH(searchable) \
	TEXT(search_value) TEXT(placeholder) TRUTH(disabled) TRUTH(closeOnSelect) \
	VALUE(optionHeight) NUMBER(maxHeight) VALUE(style) VALUE(labels) TRUTH(debounce) \
	TEXT(search_order) TEXT(className) VALUE(persistence) VALUE(persisted_props) \
	TEXT(persistence_type)
VZ_DEFINE_COMPONENT_(vz_dcc_dropdown, VZ_DCC_DROPDOWN);
#define vz_dcc_dropdown(...) \
	vz_dcc_dropdown_new(VZ_DCC, "Dropdown", VZ_GIVEN_(vz_dcc_dropdown, VZ_DCC_DROPDOWN, __VA_ARGS__))

#define VZ_DCC_GEOLOCATION(TEXT, NUMBER, TRUTH, VALUE) \
	TEXT(local_date) NUMBER(timestamp) VALUE(position) VALUE(position_error) \
	TRUTH(show_alert) TRUTH(update_now) TRUTH(high_accuracy) NUMBER(maximum_age) \
	NUMBER(timeout)
VZ_DEFINE_COMPONENT_(vz_dcc_geolocation, VZ_DCC_GEOLOCATION);
#define vz_dcc_geolocation(...) \
	vz_dcc_geolocation_new(VZ_DCC, "Geolocation", VZ_GIVEN_(vz_dcc_geolocation, VZ_DCC_GEOLOCATION, __VA_ARGS__))

#define VZ_DCC_GRAPH(TEXT, NUMBER, TRUTH, VALUE) \
	VALUE(responsive) VALUE(clickData) VALUE(clickAnnotationData) VALUE(hoverData) \
	TRUTH(clear_on_unhover) VALUE(selectedData) VALUE(relayoutData) VALUE(extendData) \
	VALUE(prependData) VALUE(restyleData) VALUE(figure) VALUE(style) TEXT(className) \
	TRUTH(mathjax) TRUTH(animate) VALUE(animation_options) VALUE(config)
VZ_DEFINE_COMPONENT_(vz_dcc_graph, VZ_DCC_GRAPH);
#define vz_dcc_graph(...) \
	vz_dcc_graph_new(VZ_DCC, "Graph", VZ_GIVEN_(vz_dcc_graph, VZ_DCC_GRAPH, __VA_ARGS__))

#define VZ_DCC_INPUT(TEXT, NUMBER, TRUTH, VALUE) \
	VALUE(value) TEXT(type) VALUE(debounce) VALUE(placeholder) NUMBER(n_submit) \
	NUMBER(n_submit_timestamp) TEXT(inputMode) TEXT(autoComplete) TRUTH(readOnly) \
	TRUTH(required) TRUTH(autoFocus) TRUTH(disabled) TEXT(list) TRUTH(multiple) \
	TRUTH(spellCheck) TEXT(name) VALUE(min) VALUE(max) VALUE(step) VALUE(minLength) \
	VALUE(maxLength) TEXT(pattern) TEXT(selectionStart) TEXT(selectionEnd) \
	TEXT(selectionDirection) NUMBER(n_blur) NUMBER(n_blur_timestamp) TEXT(size) VALUE(style) \
	TEXT(className) VALUE(persistence) VALUE(persisted_props) TEXT(persistence_type)
VZ_DEFINE_COMPONENT_(vz_dcc_input, VZ_DCC_INPUT);
#define vz_dcc_input(...) \
	vz_dcc_input_new(VZ_DCC, "Input", VZ_GIVEN_(vz_dcc_input, VZ_DCC_INPUT, __VA_ARGS__))

#define VZ_DCC_INTERVAL(TEXT, NUMBER, TRUTH, VALUE) \
	NUMBER(interval) TRUTH(disabled) NUMBER(n_intervals) NUMBER(max_intervals)
VZ_DEFINE_COMPONENT_(vz_dcc_interval, VZ_DCC_INTERVAL);
#define vz_dcc_interval(...) \
	vz_dcc_interval_new(VZ_DCC, "Interval", VZ_GIVEN_(vz_dcc_interval, VZ_DCC_INTERVAL, __VA_ARGS__))

#define VZ_DCC_LINK(TEXT, NUMBER, TRUTH, VALUE) \
	TEXT(href) TEXT(target) TRUTH(refresh) TEXT(title) TEXT(className) VALUE(style) \
	VALUE(children)
VZ_DEFINE_COMPONENT_(vz_dcc_link, VZ_DCC_LINK);
#define vz_dcc_link(...) \
	vz_dcc_link_new(VZ_DCC, "Link", VZ_GIVEN_(vz_dcc_link, VZ_DCC_LINK, __VA_ARGS__))

#define VZ_DCC_LOADING(TEXT, NUMBER, TRUTH, VALUE) \
	TEXT(type) TRUTH(fullscreen) TRUTH(debug) VALUE(style) TEXT(parent_className) \
	VALUE(parent_style) VALUE(overlay_style) TEXT(color) TEXT(display) NUMBER(delay_hide) \
	NUMBER(delay_show) TRUTH(show_initially) VALUE(target_components) VALUE(custom_spinner) \
	TEXT(className) VALUE(persistence) VALUE(persisted_props) TEXT(persistence_type) \
	VALUE(children)
VZ_DEFINE_COMPONENT_(vz_dcc_loading, VZ_DCC_LOADING);
#define vz_dcc_loading(...) \
	vz_dcc_loading_new(VZ_DCC, "Loading", VZ_GIVEN_(vz_dcc_loading, VZ_DCC_LOADING, __VA_ARGS__))

#define VZ_DCC_LOCATION(TEXT, NUMBER, TRUTH, VALUE) \
	TEXT(pathname) TEXT(search) TEXT(hash) TEXT(href) VALUE(refresh)
VZ_DEFINE_COMPONENT_(vz_dcc_location, VZ_DCC_LOCATION);
#define vz_dcc_location(...) \
	vz_dcc_location_new(VZ_DCC, "Location", VZ_GIVEN_(vz_dcc_location, VZ_DCC_LOCATION, __VA_ARGS__))

#define VZ_DCC_MARKDOWN(TEXT, NUMBER, TRUTH, VALUE) \
	TEXT(className) VALUE(highlight_config) VALUE(style) TRUTH(mathjax) \
	TRUTH(dangerously_allow_html) TEXT(link_target) TRUTH(dedent) VALUE(children)
VZ_DEFINE_COMPONENT_(vz_dcc_markdown, VZ_DCC_MARKDOWN);
#define vz_dcc_markdown(...) \
	vz_dcc_markdown_new(VZ_DCC, "Markdown", VZ_GIVEN_(vz_dcc_markdown, VZ_DCC_MARKDOWN, __VA_ARGS__))

#define VZ_DCC_RADIO_ITEMS(TEXT, NUMBER, TRUTH, VALUE) \
	VALUE(options) VALUE(value) TRUTH(inline_, "inline") VALUE(style) VALUE(inputStyle) \
	TEXT(inputClassName) VALUE(labelStyle) TEXT(labelClassName) TEXT(className) \
	VALUE(persistence) VALUE(persisted_props) TEXT(persistence_type)
VZ_DEFINE_COMPONENT_(vz_dcc_radio_items, VZ_DCC_RADIO_ITEMS);
#define vz_dcc_radio_items(...) \
	vz_dcc_radio_items_new(VZ_DCC, "RadioItems", VZ_GIVEN_(vz_dcc_radio_items, VZ_DCC_RADIO_ITEMS, __VA_ARGS__))

#define VZ_DCC_RANGE_SLIDER(TEXT, NUMBER, TRUTH, VALUE) \
	NUMBER(min) NUMBER(max) NUMBER(step) VALUE(marks) VALUE(value) VALUE(drag_value) \
	TRUTH(allowCross) VALUE(pushable) TRUTH(disabled) NUMBER(count) TRUTH(dots) \
	TRUTH(included) TRUTH(reverse) VALUE(tooltip) TEXT(updatemode) TRUTH(vertical) \
	NUMBER(verticalHeight) TRUTH(allow_direct_input) TEXT(className) VALUE(persistence) \
	VALUE(persisted_props) TEXT(persistence_type)
VZ_DEFINE_COMPONENT_(vz_dcc_range_slider, VZ_DCC_RANGE_SLIDER);
#define vz_dcc_range_slider(...) \
	vz_dcc_range_slider_new(VZ_DCC, "RangeSlider", VZ_GIVEN_(vz_dcc_range_slider, VZ_DCC_RANGE_SLIDER, __VA_ARGS__))

#define VZ_DCC_SLIDER(TEXT, NUMBER, TRUTH, VALUE) \
	NUMBER(min) NUMBER(max) NUMBER(step) VALUE(marks) NUMBER(value) NUMBER(drag_value) \
	TRUTH(disabled) TRUTH(dots) TRUTH(included) TRUTH(reverse) VALUE(tooltip) \
	TEXT(updatemode) TRUTH(vertical) NUMBER(verticalHeight) TRUTH(allow_direct_input) \
	TEXT(className) VALUE(persistence) VALUE(persisted_props) TEXT(persistence_type)
VZ_DEFINE_COMPONENT_(vz_dcc_slider, VZ_DCC_SLIDER);
#define vz_dcc_slider(...) \
	vz_dcc_slider_new(VZ_DCC, "Slider", VZ_GIVEN_(vz_dcc_slider, VZ_DCC_SLIDER, __VA_ARGS__))

#define VZ_DCC_STORE(TEXT, NUMBER, TRUTH, VALUE) \
	TEXT(storage_type) VALUE(data) TRUTH(clear_data) NUMBER(modified_timestamp)
VZ_DEFINE_COMPONENT_(vz_dcc_store, VZ_DCC_STORE);
#define vz_dcc_store(...) \
	vz_dcc_store_new(VZ_DCC, "Store", VZ_GIVEN_(vz_dcc_store, VZ_DCC_STORE, __VA_ARGS__))

#define VZ_DCC_TAB(TEXT, NUMBER, TRUTH, VALUE) \
	VALUE(label) TEXT(value) TRUTH(disabled) VALUE(disabled_style) TEXT(disabled_className) \
	TEXT(className) TEXT(selected_className) VALUE(style) VALUE(selected_style) VALUE(width) \
	VALUE(persistence) VALUE(persisted_props) TEXT(persistence_type) VALUE(children)
VZ_DEFINE_COMPONENT_(vz_dcc_tab, VZ_DCC_TAB);
#define vz_dcc_tab(...) \
	vz_dcc_tab_new(VZ_DCC, "Tab", VZ_GIVEN_(vz_dcc_tab, VZ_DCC_TAB, __VA_ARGS__))

#define VZ_DCC_TABS(TEXT, NUMBER, TRUTH, VALUE) \
	TEXT(value) TEXT(content_className) TEXT(parent_className) VALUE(style) \
	VALUE(parent_style) VALUE(content_style) TRUTH(vertical) NUMBER(mobile_breakpoint) \
	VALUE(colors) TEXT(className) VALUE(persistence) VALUE(persisted_props) \
	TEXT(persistence_type) VALUE(children)
VZ_DEFINE_COMPONENT_(vz_dcc_tabs, VZ_DCC_TABS);
#define vz_dcc_tabs(...) \
	vz_dcc_tabs_new(VZ_DCC, "Tabs", VZ_GIVEN_(vz_dcc_tabs, VZ_DCC_TABS, __VA_ARGS__))

#define VZ_DCC_TEXTAREA(TEXT, NUMBER, TRUTH, VALUE) \
	TEXT(value) TEXT(autoFocus) NUMBER(cols) TRUTH(disabled) TEXT(form) NUMBER(maxLength) \
	NUMBER(minLength) TEXT(name) TEXT(placeholder) TRUTH(readOnly) TRUTH(required) \
	NUMBER(rows) TEXT(wrap) TEXT(accessKey) TRUTH(contentEditable) TEXT(contextMenu) \
	TEXT(dir) TRUTH(draggable) TEXT(hidden) TEXT(lang) TRUTH(spellCheck) VALUE(style) \
	NUMBER(tabIndex) TEXT(title) NUMBER(n_blur) NUMBER(n_blur_timestamp) NUMBER(n_clicks) \
	NUMBER(n_clicks_timestamp) TEXT(className) VALUE(persistence) VALUE(persisted_props) \
	TEXT(persistence_type)
VZ_DEFINE_COMPONENT_(vz_dcc_textarea, VZ_DCC_TEXTAREA);
#define vz_dcc_textarea(...) \
	vz_dcc_textarea_new(VZ_DCC, "Textarea", VZ_GIVEN_(vz_dcc_textarea, VZ_DCC_TEXTAREA, __VA_ARGS__))

#define VZ_DCC_TOOLTIP(TEXT, NUMBER, TRUTH, VALUE) \
	TEXT(className) VALUE(style) VALUE(bbox) TRUTH(show) TEXT(direction) TEXT(border_color) \
	TEXT(background_color) TEXT(loading_text) NUMBER(zindex) TRUTH(targetable) \
	VALUE(children)
VZ_DEFINE_COMPONENT_(vz_dcc_tooltip, VZ_DCC_TOOLTIP);
#define vz_dcc_tooltip(...) \
	vz_dcc_tooltip_new(VZ_DCC, "Tooltip", VZ_GIVEN_(vz_dcc_tooltip, VZ_DCC_TOOLTIP, __VA_ARGS__))

#define VZ_DCC_UPLOAD(TEXT, NUMBER, TRUTH, VALUE) \
	VALUE(contents) VALUE(filename) VALUE(last_modified) TEXT(accept) TRUTH(disabled) \
	TRUTH(disable_click) NUMBER(max_size) NUMBER(min_size) TRUTH(multiple) \
	TRUTH(enable_folder_selection) TEXT(className) TEXT(className_active) \
	TEXT(className_reject) TEXT(className_disabled) VALUE(style) VALUE(style_active) \
	VALUE(style_reject) VALUE(style_disabled) VALUE(children)
VZ_DEFINE_COMPONENT_(vz_dcc_upload, VZ_DCC_UPLOAD);
#define vz_dcc_upload(...) \
	vz_dcc_upload_new(VZ_DCC, "Upload", VZ_GIVEN_(vz_dcc_upload, VZ_DCC_UPLOAD, __VA_ARGS__))

/* All of them: X(type, struct, list of properties). */
#define VZ_DCC_COMPONENTS(X) \
	X(Button, vz_dcc_button, VZ_DCC_BUTTON) X(Checklist, vz_dcc_checklist, VZ_DCC_CHECKLIST) \
	X(Clipboard, vz_dcc_clipboard, VZ_DCC_CLIPBOARD) \
	X(ConfirmDialog, vz_dcc_confirm_dialog, VZ_DCC_CONFIRM_DIALOG) \
	X(ConfirmDialogProvider, vz_dcc_confirm_dialog_provider, VZ_DCC_CONFIRM_DIALOG_PROVIDER) \
	X(DatePickerRange, vz_dcc_date_picker_range, VZ_DCC_DATE_PICKER_RANGE) \
	X(DatePickerSingle, vz_dcc_date_picker_single, VZ_DCC_DATE_PICKER_SINGLE) \
	X(Download, vz_dcc_download, VZ_DCC_DOWNLOAD) \
	X(Dropdown, vz_dcc_dropdown, VZ_DCC_DROPDOWN) \
	X(Geolocation, vz_dcc_geolocation, VZ_DCC_GEOLOCATION) \
	X(Graph, vz_dcc_graph, VZ_DCC_GRAPH) X(Input, vz_dcc_input, VZ_DCC_INPUT) \
	X(Interval, vz_dcc_interval, VZ_DCC_INTERVAL) X(Link, vz_dcc_link, VZ_DCC_LINK) \
	X(Loading, vz_dcc_loading, VZ_DCC_LOADING) X(Location, vz_dcc_location, VZ_DCC_LOCATION) \
	X(Markdown, vz_dcc_markdown, VZ_DCC_MARKDOWN) \
	X(RadioItems, vz_dcc_radio_items, VZ_DCC_RADIO_ITEMS) \
	X(RangeSlider, vz_dcc_range_slider, VZ_DCC_RANGE_SLIDER) \
	X(Slider, vz_dcc_slider, VZ_DCC_SLIDER) X(Store, vz_dcc_store, VZ_DCC_STORE) \
	X(Tab, vz_dcc_tab, VZ_DCC_TAB) X(Tabs, vz_dcc_tabs, VZ_DCC_TABS) \
	X(Textarea, vz_dcc_textarea, VZ_DCC_TEXTAREA) X(Tooltip, vz_dcc_tooltip, VZ_DCC_TOOLTIP) \
	X(Upload, vz_dcc_upload, VZ_DCC_UPLOAD)
