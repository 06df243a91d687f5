// The last script of the page: starts the renderer. Dash's own pages do this inline and call the
// variable `renderer`; here it is a file, so that the page needs no inline script at all.

window.renderer = new window.DashRenderer();
