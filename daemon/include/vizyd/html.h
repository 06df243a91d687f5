/*
 * The Dash HTML Components, as component.h says; what they do: https://dash.plotly.com/dash-html-components.
 * Written by ui/components.mjs: do not edit.
 */
#pragma once

#include <vizyd/component.h>

/* clang-format off */

/* What every element has. */
#define VZ_HTML_ANY(TEXT, NUMBER, TRUTH, VALUE) \
	NUMBER(n_clicks) NUMBER(n_clicks_timestamp) TRUTH(disable_n_clicks) TEXT(key) \
	TEXT(accessKey) TEXT(className) TEXT(contentEditable) TEXT(dir) TEXT(draggable) \
	TRUTH(hidden) TEXT(lang) TEXT(role) TEXT(spellCheck) VALUE(style) VALUE(tabIndex) \
	TEXT(title) VALUE(children)
VZ_DEFINE_COMPONENT_(vz_html_any, VZ_HTML_ANY);

#define VZ_HTML_A(TEXT, NUMBER, TRUTH, VALUE) \
	TEXT(download) TEXT(href) TEXT(hrefLang) TEXT(media) TEXT(referrerPolicy) TEXT(rel) \
	TEXT(shape) TEXT(target) VZ_HTML_ANY(TEXT, NUMBER, TRUTH, VALUE)
VZ_DEFINE_COMPONENT_(vz_html_a, VZ_HTML_A);
#define vz_html_a(...) \
	vz_html_a_new(VZ_HTML, "A", VZ_GIVEN_(vz_html_a, VZ_HTML_A, __VA_ARGS__))

#define vz_html_abbr(...) \
	vz_html_any_new(VZ_HTML, "Abbr", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define vz_html_acronym(...) \
	vz_html_any_new(VZ_HTML, "Acronym", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define vz_html_address(...) \
	vz_html_any_new(VZ_HTML, "Address", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define VZ_HTML_AREA(TEXT, NUMBER, TRUTH, VALUE) \
	TEXT(alt) TEXT(coords) TEXT(download) TEXT(href) TEXT(media) TEXT(referrerPolicy) \
	TEXT(rel) TEXT(shape) TEXT(target) VZ_HTML_ANY(TEXT, NUMBER, TRUTH, VALUE)
VZ_DEFINE_COMPONENT_(vz_html_area, VZ_HTML_AREA);
#define vz_html_area(...) \
	vz_html_area_new(VZ_HTML, "Area", VZ_GIVEN_(vz_html_area, VZ_HTML_AREA, __VA_ARGS__))

#define vz_html_article(...) \
	vz_html_any_new(VZ_HTML, "Article", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define vz_html_aside(...) \
	vz_html_any_new(VZ_HTML, "Aside", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define VZ_HTML_AUDIO(TEXT, NUMBER, TRUTH, VALUE) \
	TRUTH(autoPlay) TRUTH(controls) TEXT(crossOrigin) TRUTH(loop) TRUTH(muted) TEXT(preload) \
	TEXT(src) VZ_HTML_ANY(TEXT, NUMBER, TRUTH, VALUE)
VZ_DEFINE_COMPONENT_(vz_html_audio, VZ_HTML_AUDIO);
#define vz_html_audio(...) \
	vz_html_audio_new(VZ_HTML, "Audio", VZ_GIVEN_(vz_html_audio, VZ_HTML_AUDIO, __VA_ARGS__))

#define vz_html_b(...) \
	vz_html_any_new(VZ_HTML, "B", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define VZ_HTML_BASE(TEXT, NUMBER, TRUTH, VALUE) \
	TEXT(href) TEXT(target) VZ_HTML_ANY(TEXT, NUMBER, TRUTH, VALUE)
VZ_DEFINE_COMPONENT_(vz_html_base, VZ_HTML_BASE);
#define vz_html_base(...) \
	vz_html_base_new(VZ_HTML, "Base", VZ_GIVEN_(vz_html_base, VZ_HTML_BASE, __VA_ARGS__))

#define vz_html_basefont(...) \
	vz_html_any_new(VZ_HTML, "Basefont", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define vz_html_bdi(...) \
	vz_html_any_new(VZ_HTML, "Bdi", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define vz_html_bdo(...) \
	vz_html_any_new(VZ_HTML, "Bdo", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define vz_html_big(...) \
	vz_html_any_new(VZ_HTML, "Big", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define vz_html_blink(...) \
	vz_html_any_new(VZ_HTML, "Blink", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define VZ_HTML_BLOCKQUOTE(TEXT, NUMBER, TRUTH, VALUE) \
	TEXT(cite) VZ_HTML_ANY(TEXT, NUMBER, TRUTH, VALUE)
VZ_DEFINE_COMPONENT_(vz_html_blockquote, VZ_HTML_BLOCKQUOTE);
#define vz_html_blockquote(...) \
	vz_html_blockquote_new(VZ_HTML, "Blockquote", VZ_GIVEN_(vz_html_blockquote, VZ_HTML_BLOCKQUOTE, __VA_ARGS__))

#define vz_html_br(...) \
	vz_html_any_new(VZ_HTML, "Br", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define VZ_HTML_BUTTON(TEXT, NUMBER, TRUTH, VALUE) \
	TRUTH(autoFocus) TRUTH(disabled) TEXT(form) TEXT(formAction) TEXT(formEncType) \
	TEXT(formMethod) TRUTH(formNoValidate) TEXT(formTarget) TEXT(name) TEXT(type) \
	TEXT(value) VZ_HTML_ANY(TEXT, NUMBER, TRUTH, VALUE)
VZ_DEFINE_COMPONENT_(vz_html_button, VZ_HTML_BUTTON);
#define vz_html_button(...) \
	vz_html_button_new(VZ_HTML, "Button", VZ_GIVEN_(vz_html_button, VZ_HTML_BUTTON, __VA_ARGS__))

#define VZ_HTML_CANVAS(TEXT, NUMBER, TRUTH, VALUE) \
	VALUE(height) VALUE(width) VZ_HTML_ANY(TEXT, NUMBER, TRUTH, VALUE)
VZ_DEFINE_COMPONENT_(vz_html_canvas, VZ_HTML_CANVAS);
#define vz_html_canvas(...) \
	vz_html_canvas_new(VZ_HTML, "Canvas", VZ_GIVEN_(vz_html_canvas, VZ_HTML_CANVAS, __VA_ARGS__))

#define vz_html_caption(...) \
	vz_html_any_new(VZ_HTML, "Caption", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define vz_html_center(...) \
	vz_html_any_new(VZ_HTML, "Center", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define vz_html_cite(...) \
	vz_html_any_new(VZ_HTML, "Cite", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define vz_html_code(...) \
	vz_html_any_new(VZ_HTML, "Code", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define VZ_HTML_COL(TEXT, NUMBER, TRUTH, VALUE) \
	TEXT(span) VZ_HTML_ANY(TEXT, NUMBER, TRUTH, VALUE)
VZ_DEFINE_COMPONENT_(vz_html_col, VZ_HTML_COL);
#define vz_html_col(...) \
	vz_html_col_new(VZ_HTML, "Col", VZ_GIVEN_(vz_html_col, VZ_HTML_COL, __VA_ARGS__))

#define VZ_HTML_COLGROUP(TEXT, NUMBER, TRUTH, VALUE) \
	TEXT(span) VZ_HTML_ANY(TEXT, NUMBER, TRUTH, VALUE)
VZ_DEFINE_COMPONENT_(vz_html_colgroup, VZ_HTML_COLGROUP);
#define vz_html_colgroup(...) \
	vz_html_colgroup_new(VZ_HTML, "Colgroup", VZ_GIVEN_(vz_html_colgroup, VZ_HTML_COLGROUP, __VA_ARGS__))

#define vz_html_content(...) \
	vz_html_any_new(VZ_HTML, "Content", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define VZ_HTML_DATA(TEXT, NUMBER, TRUTH, VALUE) \
	TEXT(value) VZ_HTML_ANY(TEXT, NUMBER, TRUTH, VALUE)
VZ_DEFINE_COMPONENT_(vz_html_data, VZ_HTML_DATA);
#define vz_html_data(...) \
	vz_html_data_new(VZ_HTML, "Data", VZ_GIVEN_(vz_html_data, VZ_HTML_DATA, __VA_ARGS__))

#define vz_html_datalist(...) \
	vz_html_any_new(VZ_HTML, "Datalist", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define vz_html_dd(...) \
	vz_html_any_new(VZ_HTML, "Dd", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define VZ_HTML_DEL(TEXT, NUMBER, TRUTH, VALUE) \
	TEXT(cite) TEXT(dateTime) VZ_HTML_ANY(TEXT, NUMBER, TRUTH, VALUE)
VZ_DEFINE_COMPONENT_(vz_html_del, VZ_HTML_DEL);
#define vz_html_del(...) \
	vz_html_del_new(VZ_HTML, "Del", VZ_GIVEN_(vz_html_del, VZ_HTML_DEL, __VA_ARGS__))

#define VZ_HTML_DETAILS(TEXT, NUMBER, TRUTH, VALUE) \
	TRUTH(open) VZ_HTML_ANY(TEXT, NUMBER, TRUTH, VALUE)
VZ_DEFINE_COMPONENT_(vz_html_details, VZ_HTML_DETAILS);
#define vz_html_details(...) \
	vz_html_details_new(VZ_HTML, "Details", VZ_GIVEN_(vz_html_details, VZ_HTML_DETAILS, __VA_ARGS__))

#define vz_html_dfn(...) \
	vz_html_any_new(VZ_HTML, "Dfn", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define VZ_HTML_DIALOG(TEXT, NUMBER, TRUTH, VALUE) \
	TRUTH(open) VZ_HTML_ANY(TEXT, NUMBER, TRUTH, VALUE)
VZ_DEFINE_COMPONENT_(vz_html_dialog, VZ_HTML_DIALOG);
#define vz_html_dialog(...) \
	vz_html_dialog_new(VZ_HTML, "Dialog", VZ_GIVEN_(vz_html_dialog, VZ_HTML_DIALOG, __VA_ARGS__))

#define vz_html_div(...) \
	vz_html_any_new(VZ_HTML, "Div", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define vz_html_dl(...) \
	vz_html_any_new(VZ_HTML, "Dl", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define vz_html_dt(...) \
	vz_html_any_new(VZ_HTML, "Dt", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define vz_html_em(...) \
	vz_html_any_new(VZ_HTML, "Em", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define VZ_HTML_EMBED(TEXT, NUMBER, TRUTH, VALUE) \
	VALUE(height) TEXT(src) TEXT(type) VALUE(width) VZ_HTML_ANY(TEXT, NUMBER, TRUTH, VALUE)
VZ_DEFINE_COMPONENT_(vz_html_embed, VZ_HTML_EMBED);
#define vz_html_embed(...) \
	vz_html_embed_new(VZ_HTML, "Embed", VZ_GIVEN_(vz_html_embed, VZ_HTML_EMBED, __VA_ARGS__))

#define VZ_HTML_FIELDSET(TEXT, NUMBER, TRUTH, VALUE) \
	TRUTH(disabled) TEXT(form) TEXT(name) VZ_HTML_ANY(TEXT, NUMBER, TRUTH, VALUE)
VZ_DEFINE_COMPONENT_(vz_html_fieldset, VZ_HTML_FIELDSET);
#define vz_html_fieldset(...) \
	vz_html_fieldset_new(VZ_HTML, "Fieldset", VZ_GIVEN_(vz_html_fieldset, VZ_HTML_FIELDSET, __VA_ARGS__))

#define vz_html_figcaption(...) \
	vz_html_any_new(VZ_HTML, "Figcaption", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define vz_html_figure(...) \
	vz_html_any_new(VZ_HTML, "Figure", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define vz_html_font(...) \
	vz_html_any_new(VZ_HTML, "Font", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define vz_html_footer(...) \
	vz_html_any_new(VZ_HTML, "Footer", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define VZ_HTML_FORM(TEXT, NUMBER, TRUTH, VALUE) \
	TEXT(accept) TEXT(acceptCharset) TEXT(action) TEXT(autoComplete) TEXT(encType) \
	TEXT(method) TEXT(name) TRUTH(noValidate) TEXT(target) \
	VZ_HTML_ANY(TEXT, NUMBER, TRUTH, VALUE)
VZ_DEFINE_COMPONENT_(vz_html_form, VZ_HTML_FORM);
#define vz_html_form(...) \
	vz_html_form_new(VZ_HTML, "Form", VZ_GIVEN_(vz_html_form, VZ_HTML_FORM, __VA_ARGS__))

#define vz_html_frame(...) \
	vz_html_any_new(VZ_HTML, "Frame", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define vz_html_frameset(...) \
	vz_html_any_new(VZ_HTML, "Frameset", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define vz_html_h1(...) \
	vz_html_any_new(VZ_HTML, "H1", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define vz_html_h2(...) \
	vz_html_any_new(VZ_HTML, "H2", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define vz_html_h3(...) \
	vz_html_any_new(VZ_HTML, "H3", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define vz_html_h4(...) \
	vz_html_any_new(VZ_HTML, "H4", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define vz_html_h5(...) \
	vz_html_any_new(VZ_HTML, "H5", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define vz_html_h6(...) \
	vz_html_any_new(VZ_HTML, "H6", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define vz_html_header(...) \
	vz_html_any_new(VZ_HTML, "Header", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define vz_html_hgroup(...) \
	vz_html_any_new(VZ_HTML, "Hgroup", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define vz_html_hr(...) \
	vz_html_any_new(VZ_HTML, "Hr", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define vz_html_i(...) \
	vz_html_any_new(VZ_HTML, "I", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define VZ_HTML_IFRAME(TEXT, NUMBER, TRUTH, VALUE) \
	TEXT(allow) VALUE(height) TEXT(name) TEXT(referrerPolicy) TEXT(sandbox) TEXT(src) \
	TEXT(srcDoc) VALUE(width) VZ_HTML_ANY(TEXT, NUMBER, TRUTH, VALUE)
VZ_DEFINE_COMPONENT_(vz_html_iframe, VZ_HTML_IFRAME);
#define vz_html_iframe(...) \
	vz_html_iframe_new(VZ_HTML, "Iframe", VZ_GIVEN_(vz_html_iframe, VZ_HTML_IFRAME, __VA_ARGS__))

#define VZ_HTML_IMG(TEXT, NUMBER, TRUTH, VALUE) \
	TEXT(alt) TEXT(crossOrigin) VALUE(height) TEXT(referrerPolicy) TEXT(sizes) TEXT(src) \
	TEXT(srcSet) TEXT(useMap) VALUE(width) VZ_HTML_ANY(TEXT, NUMBER, TRUTH, VALUE)
VZ_DEFINE_COMPONENT_(vz_html_img, VZ_HTML_IMG);
#define vz_html_img(...) \
	vz_html_img_new(VZ_HTML, "Img", VZ_GIVEN_(vz_html_img, VZ_HTML_IMG, __VA_ARGS__))

#define VZ_HTML_INS(TEXT, NUMBER, TRUTH, VALUE) \
	TEXT(cite) TEXT(dateTime) VZ_HTML_ANY(TEXT, NUMBER, TRUTH, VALUE)
VZ_DEFINE_COMPONENT_(vz_html_ins, VZ_HTML_INS);
#define vz_html_ins(...) \
	vz_html_ins_new(VZ_HTML, "Ins", VZ_GIVEN_(vz_html_ins, VZ_HTML_INS, __VA_ARGS__))

#define vz_html_kbd(...) \
	vz_html_any_new(VZ_HTML, "Kbd", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define vz_html_keygen(...) \
	vz_html_any_new(VZ_HTML, "Keygen", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define VZ_HTML_LABEL(TEXT, NUMBER, TRUTH, VALUE) \
	TEXT(htmlFor) VZ_HTML_ANY(TEXT, NUMBER, TRUTH, VALUE)
VZ_DEFINE_COMPONENT_(vz_html_label, VZ_HTML_LABEL);
#define vz_html_label(...) \
	vz_html_label_new(VZ_HTML, "Label", VZ_GIVEN_(vz_html_label, VZ_HTML_LABEL, __VA_ARGS__))

#define vz_html_legend(...) \
	vz_html_any_new(VZ_HTML, "Legend", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define VZ_HTML_LI(TEXT, NUMBER, TRUTH, VALUE) \
	TEXT(value) VZ_HTML_ANY(TEXT, NUMBER, TRUTH, VALUE)
VZ_DEFINE_COMPONENT_(vz_html_li, VZ_HTML_LI);
#define vz_html_li(...) \
	vz_html_li_new(VZ_HTML, "Li", VZ_GIVEN_(vz_html_li, VZ_HTML_LI, __VA_ARGS__))

#define VZ_HTML_LINK(TEXT, NUMBER, TRUTH, VALUE) \
	TEXT(crossOrigin) TEXT(href) TEXT(hrefLang) TEXT(integrity) TEXT(media) \
	TEXT(referrerPolicy) TEXT(rel) TEXT(sizes) TEXT(type) \
	VZ_HTML_ANY(TEXT, NUMBER, TRUTH, VALUE)
VZ_DEFINE_COMPONENT_(vz_html_link, VZ_HTML_LINK);
#define vz_html_link(...) \
	vz_html_link_new(VZ_HTML, "Link", VZ_GIVEN_(vz_html_link, VZ_HTML_LINK, __VA_ARGS__))

#define vz_html_main(...) \
	vz_html_any_new(VZ_HTML, "Main", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define VZ_HTML_MAP_EL(TEXT, NUMBER, TRUTH, VALUE) \
	TEXT(name) VZ_HTML_ANY(TEXT, NUMBER, TRUTH, VALUE)
VZ_DEFINE_COMPONENT_(vz_html_map_el, VZ_HTML_MAP_EL);
#define vz_html_map_el(...) \
	vz_html_map_el_new(VZ_HTML, "MapEl", VZ_GIVEN_(vz_html_map_el, VZ_HTML_MAP_EL, __VA_ARGS__))

#define vz_html_mark(...) \
	vz_html_any_new(VZ_HTML, "Mark", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define VZ_HTML_MARQUEE(TEXT, NUMBER, TRUTH, VALUE) \
	TRUTH(loop) VZ_HTML_ANY(TEXT, NUMBER, TRUTH, VALUE)
VZ_DEFINE_COMPONENT_(vz_html_marquee, VZ_HTML_MARQUEE);
#define vz_html_marquee(...) \
	vz_html_marquee_new(VZ_HTML, "Marquee", VZ_GIVEN_(vz_html_marquee, VZ_HTML_MARQUEE, __VA_ARGS__))

#define VZ_HTML_META(TEXT, NUMBER, TRUTH, VALUE) \
	TEXT(charSet) TEXT(content) TEXT(httpEquiv) TEXT(name) \
	VZ_HTML_ANY(TEXT, NUMBER, TRUTH, VALUE)
VZ_DEFINE_COMPONENT_(vz_html_meta, VZ_HTML_META);
#define vz_html_meta(...) \
	vz_html_meta_new(VZ_HTML, "Meta", VZ_GIVEN_(vz_html_meta, VZ_HTML_META, __VA_ARGS__))

#define VZ_HTML_METER(TEXT, NUMBER, TRUTH, VALUE) \
	TEXT(high) TEXT(low) VALUE(max) VALUE(min) TEXT(optimum) TEXT(value) \
	VZ_HTML_ANY(TEXT, NUMBER, TRUTH, VALUE)
VZ_DEFINE_COMPONENT_(vz_html_meter, VZ_HTML_METER);
#define vz_html_meter(...) \
	vz_html_meter_new(VZ_HTML, "Meter", VZ_GIVEN_(vz_html_meter, VZ_HTML_METER, __VA_ARGS__))

#define vz_html_nav(...) \
	vz_html_any_new(VZ_HTML, "Nav", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define vz_html_nobr(...) \
	vz_html_any_new(VZ_HTML, "Nobr", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define vz_html_noscript(...) \
	vz_html_any_new(VZ_HTML, "Noscript", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define VZ_HTML_OBJECT_EL(TEXT, NUMBER, TRUTH, VALUE) \
	TEXT(data) TEXT(form) VALUE(height) TEXT(name) TEXT(type) TEXT(useMap) VALUE(width) \
	VZ_HTML_ANY(TEXT, NUMBER, TRUTH, VALUE)
VZ_DEFINE_COMPONENT_(vz_html_object_el, VZ_HTML_OBJECT_EL);
#define vz_html_object_el(...) \
	vz_html_object_el_new(VZ_HTML, "ObjectEl", VZ_GIVEN_(vz_html_object_el, VZ_HTML_OBJECT_EL, __VA_ARGS__))

#define VZ_HTML_OL(TEXT, NUMBER, TRUTH, VALUE) \
	TRUTH(reversed) TEXT(start) TEXT(type) VZ_HTML_ANY(TEXT, NUMBER, TRUTH, VALUE)
VZ_DEFINE_COMPONENT_(vz_html_ol, VZ_HTML_OL);
#define vz_html_ol(...) \
	vz_html_ol_new(VZ_HTML, "Ol", VZ_GIVEN_(vz_html_ol, VZ_HTML_OL, __VA_ARGS__))

#define VZ_HTML_OPTGROUP(TEXT, NUMBER, TRUTH, VALUE) \
	TRUTH(disabled) TEXT(label) VZ_HTML_ANY(TEXT, NUMBER, TRUTH, VALUE)
VZ_DEFINE_COMPONENT_(vz_html_optgroup, VZ_HTML_OPTGROUP);
#define vz_html_optgroup(...) \
	vz_html_optgroup_new(VZ_HTML, "Optgroup", VZ_GIVEN_(vz_html_optgroup, VZ_HTML_OPTGROUP, __VA_ARGS__))

#define VZ_HTML_OPTION(TEXT, NUMBER, TRUTH, VALUE) \
	TRUTH(disabled) TEXT(label) TRUTH(selected) TEXT(value) \
	VZ_HTML_ANY(TEXT, NUMBER, TRUTH, VALUE)
VZ_DEFINE_COMPONENT_(vz_html_option, VZ_HTML_OPTION);
#define vz_html_option(...) \
	vz_html_option_new(VZ_HTML, "Option", VZ_GIVEN_(vz_html_option, VZ_HTML_OPTION, __VA_ARGS__))

#define VZ_HTML_OUTPUT(TEXT, NUMBER, TRUTH, VALUE) \
	TEXT(htmlFor) TEXT(form) TEXT(name) VZ_HTML_ANY(TEXT, NUMBER, TRUTH, VALUE)
VZ_DEFINE_COMPONENT_(vz_html_output, VZ_HTML_OUTPUT);
#define vz_html_output(...) \
	vz_html_output_new(VZ_HTML, "Output", VZ_GIVEN_(vz_html_output, VZ_HTML_OUTPUT, __VA_ARGS__))

#define vz_html_p(...) \
	vz_html_any_new(VZ_HTML, "P", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define VZ_HTML_PARAM(TEXT, NUMBER, TRUTH, VALUE) \
	TEXT(name) TEXT(value) VZ_HTML_ANY(TEXT, NUMBER, TRUTH, VALUE)
VZ_DEFINE_COMPONENT_(vz_html_param, VZ_HTML_PARAM);
#define vz_html_param(...) \
	vz_html_param_new(VZ_HTML, "Param", VZ_GIVEN_(vz_html_param, VZ_HTML_PARAM, __VA_ARGS__))

#define vz_html_picture(...) \
	vz_html_any_new(VZ_HTML, "Picture", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define vz_html_plaintext(...) \
	vz_html_any_new(VZ_HTML, "Plaintext", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define vz_html_pre(...) \
	vz_html_any_new(VZ_HTML, "Pre", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define VZ_HTML_PROGRESS(TEXT, NUMBER, TRUTH, VALUE) \
	VALUE(max) TEXT(value) VZ_HTML_ANY(TEXT, NUMBER, TRUTH, VALUE)
VZ_DEFINE_COMPONENT_(vz_html_progress, VZ_HTML_PROGRESS);
#define vz_html_progress(...) \
	vz_html_progress_new(VZ_HTML, "Progress", VZ_GIVEN_(vz_html_progress, VZ_HTML_PROGRESS, __VA_ARGS__))

#define VZ_HTML_Q(TEXT, NUMBER, TRUTH, VALUE) \
	TEXT(cite) VZ_HTML_ANY(TEXT, NUMBER, TRUTH, VALUE)
VZ_DEFINE_COMPONENT_(vz_html_q, VZ_HTML_Q);
#define vz_html_q(...) \
	vz_html_q_new(VZ_HTML, "Q", VZ_GIVEN_(vz_html_q, VZ_HTML_Q, __VA_ARGS__))

#define vz_html_rb(...) \
	vz_html_any_new(VZ_HTML, "Rb", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define vz_html_rp(...) \
	vz_html_any_new(VZ_HTML, "Rp", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define vz_html_rt(...) \
	vz_html_any_new(VZ_HTML, "Rt", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define vz_html_rtc(...) \
	vz_html_any_new(VZ_HTML, "Rtc", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define vz_html_ruby(...) \
	vz_html_any_new(VZ_HTML, "Ruby", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define vz_html_s(...) \
	vz_html_any_new(VZ_HTML, "S", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define vz_html_samp(...) \
	vz_html_any_new(VZ_HTML, "Samp", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define VZ_HTML_SCRIPT(TEXT, NUMBER, TRUTH, VALUE) \
	TRUTH(async) TEXT(crossOrigin) TRUTH(defer) TEXT(integrity) TEXT(referrerPolicy) \
	TEXT(src) TEXT(type) VZ_HTML_ANY(TEXT, NUMBER, TRUTH, VALUE)
VZ_DEFINE_COMPONENT_(vz_html_script, VZ_HTML_SCRIPT);
#define vz_html_script(...) \
	vz_html_script_new(VZ_HTML, "Script", VZ_GIVEN_(vz_html_script, VZ_HTML_SCRIPT, __VA_ARGS__))

#define vz_html_section(...) \
	vz_html_any_new(VZ_HTML, "Section", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define VZ_HTML_SELECT(TEXT, NUMBER, TRUTH, VALUE) \
	TRUTH(autoFocus) TEXT(autoComplete) TRUTH(disabled) TEXT(form) TRUTH(multiple) \
	TEXT(name) TRUTH(required) VALUE(size) VZ_HTML_ANY(TEXT, NUMBER, TRUTH, VALUE)
VZ_DEFINE_COMPONENT_(vz_html_select, VZ_HTML_SELECT);
#define vz_html_select(...) \
	vz_html_select_new(VZ_HTML, "Select", VZ_GIVEN_(vz_html_select, VZ_HTML_SELECT, __VA_ARGS__))

#define vz_html_shadow(...) \
	vz_html_any_new(VZ_HTML, "Shadow", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define vz_html_slot(...) \
	vz_html_any_new(VZ_HTML, "Slot", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define vz_html_small(...) \
	vz_html_any_new(VZ_HTML, "Small", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define VZ_HTML_SOURCE(TEXT, NUMBER, TRUTH, VALUE) \
	TEXT(media) TEXT(sizes) TEXT(src) TEXT(srcSet) TEXT(type) \
	VZ_HTML_ANY(TEXT, NUMBER, TRUTH, VALUE)
VZ_DEFINE_COMPONENT_(vz_html_source, VZ_HTML_SOURCE);
#define vz_html_source(...) \
	vz_html_source_new(VZ_HTML, "Source", VZ_GIVEN_(vz_html_source, VZ_HTML_SOURCE, __VA_ARGS__))

#define vz_html_spacer(...) \
	vz_html_any_new(VZ_HTML, "Spacer", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define vz_html_span(...) \
	vz_html_any_new(VZ_HTML, "Span", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define vz_html_strike(...) \
	vz_html_any_new(VZ_HTML, "Strike", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define vz_html_strong(...) \
	vz_html_any_new(VZ_HTML, "Strong", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define vz_html_sub(...) \
	vz_html_any_new(VZ_HTML, "Sub", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define vz_html_summary(...) \
	vz_html_any_new(VZ_HTML, "Summary", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define vz_html_sup(...) \
	vz_html_any_new(VZ_HTML, "Sup", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define VZ_HTML_TABLE(TEXT, NUMBER, TRUTH, VALUE) \
	TEXT(summary) VZ_HTML_ANY(TEXT, NUMBER, TRUTH, VALUE)
VZ_DEFINE_COMPONENT_(vz_html_table, VZ_HTML_TABLE);
#define vz_html_table(...) \
	vz_html_table_new(VZ_HTML, "Table", VZ_GIVEN_(vz_html_table, VZ_HTML_TABLE, __VA_ARGS__))

#define vz_html_tbody(...) \
	vz_html_any_new(VZ_HTML, "Tbody", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define VZ_HTML_TD(TEXT, NUMBER, TRUTH, VALUE) \
	VALUE(colSpan) TEXT(headers) VALUE(rowSpan) VZ_HTML_ANY(TEXT, NUMBER, TRUTH, VALUE)
VZ_DEFINE_COMPONENT_(vz_html_td, VZ_HTML_TD);
#define vz_html_td(...) \
	vz_html_td_new(VZ_HTML, "Td", VZ_GIVEN_(vz_html_td, VZ_HTML_TD, __VA_ARGS__))

#define vz_html_template(...) \
	vz_html_any_new(VZ_HTML, "Template", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define VZ_HTML_TEXTAREA(TEXT, NUMBER, TRUTH, VALUE) \
	TRUTH(autoFocus) TEXT(autoComplete) VALUE(cols) TRUTH(disabled) TEXT(form) \
	TEXT(inputMode) VALUE(maxLength) VALUE(minLength) TEXT(name) TEXT(placeholder) \
	TEXT(readOnly) TRUTH(required) VALUE(rows) TEXT(wrap) \
	VZ_HTML_ANY(TEXT, NUMBER, TRUTH, VALUE)
VZ_DEFINE_COMPONENT_(vz_html_textarea, VZ_HTML_TEXTAREA);
#define vz_html_textarea(...) \
	vz_html_textarea_new(VZ_HTML, "Textarea", VZ_GIVEN_(vz_html_textarea, VZ_HTML_TEXTAREA, __VA_ARGS__))

#define vz_html_tfoot(...) \
	vz_html_any_new(VZ_HTML, "Tfoot", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define VZ_HTML_TH(TEXT, NUMBER, TRUTH, VALUE) \
	VALUE(colSpan) TEXT(headers) VALUE(rowSpan) TEXT(scope) \
	VZ_HTML_ANY(TEXT, NUMBER, TRUTH, VALUE)
VZ_DEFINE_COMPONENT_(vz_html_th, VZ_HTML_TH);
#define vz_html_th(...) \
	vz_html_th_new(VZ_HTML, "Th", VZ_GIVEN_(vz_html_th, VZ_HTML_TH, __VA_ARGS__))

#define vz_html_thead(...) \
	vz_html_any_new(VZ_HTML, "Thead", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define VZ_HTML_TIME(TEXT, NUMBER, TRUTH, VALUE) \
	TEXT(dateTime) VZ_HTML_ANY(TEXT, NUMBER, TRUTH, VALUE)
VZ_DEFINE_COMPONENT_(vz_html_time, VZ_HTML_TIME);
#define vz_html_time(...) \
	vz_html_time_new(VZ_HTML, "Time", VZ_GIVEN_(vz_html_time, VZ_HTML_TIME, __VA_ARGS__))

#define vz_html_title(...) \
	vz_html_any_new(VZ_HTML, "Title", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define vz_html_tr(...) \
	vz_html_any_new(VZ_HTML, "Tr", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define VZ_HTML_TRACK(TEXT, NUMBER, TRUTH, VALUE) \
	TRUTH(default_, "default") TEXT(kind) TEXT(label) TEXT(src) TEXT(srcLang) \
	VZ_HTML_ANY(TEXT, NUMBER, TRUTH, VALUE)
VZ_DEFINE_COMPONENT_(vz_html_track, VZ_HTML_TRACK);
#define vz_html_track(...) \
	vz_html_track_new(VZ_HTML, "Track", VZ_GIVEN_(vz_html_track, VZ_HTML_TRACK, __VA_ARGS__))

#define vz_html_u(...) \
	vz_html_any_new(VZ_HTML, "U", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define vz_html_ul(...) \
	vz_html_any_new(VZ_HTML, "Ul", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define vz_html_var(...) \
	vz_html_any_new(VZ_HTML, "Var", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define VZ_HTML_VIDEO(TEXT, NUMBER, TRUTH, VALUE) \
	TRUTH(autoPlay) TRUTH(controls) TEXT(crossOrigin) VALUE(height) TRUTH(loop) TRUTH(muted) \
	TRUTH(playsInline) TEXT(poster) TEXT(preload) TEXT(src) VALUE(width) \
	VZ_HTML_ANY(TEXT, NUMBER, TRUTH, VALUE)
VZ_DEFINE_COMPONENT_(vz_html_video, VZ_HTML_VIDEO);
#define vz_html_video(...) \
	vz_html_video_new(VZ_HTML, "Video", VZ_GIVEN_(vz_html_video, VZ_HTML_VIDEO, __VA_ARGS__))

#define vz_html_wbr(...) \
	vz_html_any_new(VZ_HTML, "Wbr", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

#define vz_html_xmp(...) \
	vz_html_any_new(VZ_HTML, "Xmp", VZ_GIVEN_(vz_html_any, VZ_HTML_ANY, __VA_ARGS__))

/* All of them: X(type, struct, list of properties). */
#define VZ_HTML_COMPONENTS(X) \
	X(A, vz_html_a, VZ_HTML_A) X(Abbr, vz_html_any, VZ_HTML_ANY) \
	X(Acronym, vz_html_any, VZ_HTML_ANY) X(Address, vz_html_any, VZ_HTML_ANY) \
	X(Area, vz_html_area, VZ_HTML_AREA) X(Article, vz_html_any, VZ_HTML_ANY) \
	X(Aside, vz_html_any, VZ_HTML_ANY) X(Audio, vz_html_audio, VZ_HTML_AUDIO) \
	X(B, vz_html_any, VZ_HTML_ANY) X(Base, vz_html_base, VZ_HTML_BASE) \
	X(Basefont, vz_html_any, VZ_HTML_ANY) X(Bdi, vz_html_any, VZ_HTML_ANY) \
	X(Bdo, vz_html_any, VZ_HTML_ANY) X(Big, vz_html_any, VZ_HTML_ANY) \
	X(Blink, vz_html_any, VZ_HTML_ANY) X(Blockquote, vz_html_blockquote, VZ_HTML_BLOCKQUOTE) \
	X(Br, vz_html_any, VZ_HTML_ANY) X(Button, vz_html_button, VZ_HTML_BUTTON) \
	X(Canvas, vz_html_canvas, VZ_HTML_CANVAS) X(Caption, vz_html_any, VZ_HTML_ANY) \
	X(Center, vz_html_any, VZ_HTML_ANY) X(Cite, vz_html_any, VZ_HTML_ANY) \
	X(Code, vz_html_any, VZ_HTML_ANY) X(Col, vz_html_col, VZ_HTML_COL) \
	X(Colgroup, vz_html_colgroup, VZ_HTML_COLGROUP) X(Content, vz_html_any, VZ_HTML_ANY) \
	X(Data, vz_html_data, VZ_HTML_DATA) X(Datalist, vz_html_any, VZ_HTML_ANY) \
	X(Dd, vz_html_any, VZ_HTML_ANY) X(Del, vz_html_del, VZ_HTML_DEL) \
	X(Details, vz_html_details, VZ_HTML_DETAILS) X(Dfn, vz_html_any, VZ_HTML_ANY) \
	X(Dialog, vz_html_dialog, VZ_HTML_DIALOG) X(Div, vz_html_any, VZ_HTML_ANY) \
	X(Dl, vz_html_any, VZ_HTML_ANY) X(Dt, vz_html_any, VZ_HTML_ANY) \
	X(Em, vz_html_any, VZ_HTML_ANY) X(Embed, vz_html_embed, VZ_HTML_EMBED) \
	X(Fieldset, vz_html_fieldset, VZ_HTML_FIELDSET) X(Figcaption, vz_html_any, VZ_HTML_ANY) \
	X(Figure, vz_html_any, VZ_HTML_ANY) X(Font, vz_html_any, VZ_HTML_ANY) \
	X(Footer, vz_html_any, VZ_HTML_ANY) X(Form, vz_html_form, VZ_HTML_FORM) \
	X(Frame, vz_html_any, VZ_HTML_ANY) X(Frameset, vz_html_any, VZ_HTML_ANY) \
	X(H1, vz_html_any, VZ_HTML_ANY) X(H2, vz_html_any, VZ_HTML_ANY) \
	X(H3, vz_html_any, VZ_HTML_ANY) X(H4, vz_html_any, VZ_HTML_ANY) \
	X(H5, vz_html_any, VZ_HTML_ANY) X(H6, vz_html_any, VZ_HTML_ANY) \
	X(Header, vz_html_any, VZ_HTML_ANY) X(Hgroup, vz_html_any, VZ_HTML_ANY) \
	X(Hr, vz_html_any, VZ_HTML_ANY) X(I, vz_html_any, VZ_HTML_ANY) \
	X(Iframe, vz_html_iframe, VZ_HTML_IFRAME) X(Img, vz_html_img, VZ_HTML_IMG) \
	X(Ins, vz_html_ins, VZ_HTML_INS) X(Kbd, vz_html_any, VZ_HTML_ANY) \
	X(Keygen, vz_html_any, VZ_HTML_ANY) X(Label, vz_html_label, VZ_HTML_LABEL) \
	X(Legend, vz_html_any, VZ_HTML_ANY) X(Li, vz_html_li, VZ_HTML_LI) \
	X(Link, vz_html_link, VZ_HTML_LINK) X(Main, vz_html_any, VZ_HTML_ANY) \
	X(MapEl, vz_html_map_el, VZ_HTML_MAP_EL) X(Mark, vz_html_any, VZ_HTML_ANY) \
	X(Marquee, vz_html_marquee, VZ_HTML_MARQUEE) X(Meta, vz_html_meta, VZ_HTML_META) \
	X(Meter, vz_html_meter, VZ_HTML_METER) X(Nav, vz_html_any, VZ_HTML_ANY) \
	X(Nobr, vz_html_any, VZ_HTML_ANY) X(Noscript, vz_html_any, VZ_HTML_ANY) \
	X(ObjectEl, vz_html_object_el, VZ_HTML_OBJECT_EL) X(Ol, vz_html_ol, VZ_HTML_OL) \
	X(Optgroup, vz_html_optgroup, VZ_HTML_OPTGROUP) \
	X(Option, vz_html_option, VZ_HTML_OPTION) X(Output, vz_html_output, VZ_HTML_OUTPUT) \
	X(P, vz_html_any, VZ_HTML_ANY) X(Param, vz_html_param, VZ_HTML_PARAM) \
	X(Picture, vz_html_any, VZ_HTML_ANY) X(Plaintext, vz_html_any, VZ_HTML_ANY) \
	X(Pre, vz_html_any, VZ_HTML_ANY) X(Progress, vz_html_progress, VZ_HTML_PROGRESS) \
	X(Q, vz_html_q, VZ_HTML_Q) X(Rb, vz_html_any, VZ_HTML_ANY) \
	X(Rp, vz_html_any, VZ_HTML_ANY) X(Rt, vz_html_any, VZ_HTML_ANY) \
	X(Rtc, vz_html_any, VZ_HTML_ANY) X(Ruby, vz_html_any, VZ_HTML_ANY) \
	X(S, vz_html_any, VZ_HTML_ANY) X(Samp, vz_html_any, VZ_HTML_ANY) \
	X(Script, vz_html_script, VZ_HTML_SCRIPT) X(Section, vz_html_any, VZ_HTML_ANY) \
	X(Select, vz_html_select, VZ_HTML_SELECT) X(Shadow, vz_html_any, VZ_HTML_ANY) \
	X(Slot, vz_html_any, VZ_HTML_ANY) X(Small, vz_html_any, VZ_HTML_ANY) \
	X(Source, vz_html_source, VZ_HTML_SOURCE) X(Spacer, vz_html_any, VZ_HTML_ANY) \
	X(Span, vz_html_any, VZ_HTML_ANY) X(Strike, vz_html_any, VZ_HTML_ANY) \
	X(Strong, vz_html_any, VZ_HTML_ANY) X(Sub, vz_html_any, VZ_HTML_ANY) \
	X(Summary, vz_html_any, VZ_HTML_ANY) X(Sup, vz_html_any, VZ_HTML_ANY) \
	X(Table, vz_html_table, VZ_HTML_TABLE) X(Tbody, vz_html_any, VZ_HTML_ANY) \
	X(Td, vz_html_td, VZ_HTML_TD) X(Template, vz_html_any, VZ_HTML_ANY) \
	X(Textarea, vz_html_textarea, VZ_HTML_TEXTAREA) X(Tfoot, vz_html_any, VZ_HTML_ANY) \
	X(Th, vz_html_th, VZ_HTML_TH) X(Thead, vz_html_any, VZ_HTML_ANY) \
	X(Time, vz_html_time, VZ_HTML_TIME) X(Title, vz_html_any, VZ_HTML_ANY) \
	X(Tr, vz_html_any, VZ_HTML_ANY) X(Track, vz_html_track, VZ_HTML_TRACK) \
	X(U, vz_html_any, VZ_HTML_ANY) X(Ul, vz_html_any, VZ_HTML_ANY) \
	X(Var, vz_html_any, VZ_HTML_ANY) X(Video, vz_html_video, VZ_HTML_VIDEO) \
	X(Wbr, vz_html_any, VZ_HTML_ANY) X(Xmp, vz_html_any, VZ_HTML_ANY)
