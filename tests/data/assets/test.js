// The clientside functions of tests/conformance/testwiring-browser.c.
window.dash_clientside = Object.assign({}, window.dash_clientside, {
	test: {
		view: (value) => `view ${value}`,

		// no_update for what is even, so that nothing goes on from there.
		round(clicks, digits) {
			const { dash_clientside: dash } = window;

			if (dash.callback_context.triggered_id !== 'raw')
				throw new Error(`triggered by ${dash.callback_context.triggered_id}`);
			return clicks % 2 ? clicks * digits : dash.no_update;
		},

		set(clicks) {
			window.dash_clientside.set_props('set-out', { children: `set ${clicks}` });
			return window.dash_clientside.no_update;
		},
	},
});
