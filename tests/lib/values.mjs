// What the callbacks of conformance/testapp-values.c answer with, one after the other.

/** Every kind of JSON value. */
export const kinds = [
	null, true, false, 0, -1.5, 9007199254740991, 1e300, '', 'ä€😀 <b>&amp;</b> \\ " \n', [], {},
	[1, [2, [3, null]]], { a: { b: [true, null, 'c'] } }, 0.1,
];

const italic = children => ({ namespace: 'dash_html_components', type: 'I', props: { children } });

/** Everything that React takes as a child, and what a person sees of it. */
export const children = [
	{ value: null, shown: '' },
	{ value: 'text', shown: 'text' },
	{ value: 0, shown: '0' },
	{ value: 1.5, shown: '1.5' },
	{ value: ['a', 1, null, 'b', ['c', 0]], shown: 'a1bc0' },
	{ value: false, shown: '' },
	{ value: '', shown: '' },
	{ value: [], shown: '' },
	{ value: italic(0), shown: '0' },
	{ value: [null, italic(['x']), 0], shown: 'x0' },
];
