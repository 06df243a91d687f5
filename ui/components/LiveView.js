// LiveView: the camera's live picture, with room to draw over it and to point into it.
//
//   id
//   camera          name of the camera to show, default the main one; null or "": none
//   src             address of the video websocket, where it is another daemon's; default the page's own
//   label           what the picture shows, for those who cannot see it
//   show_status     the small label with the frame rate, default true
//   overlay         [{type: "line" | "polyline" | "circle" | "cross" | "text", …, color, width}]
//   pointer_events  true: `pointer` tells where the picture is pressed
//   className, style, fit ("contain" or "cover")
//
// It tells, at most once a second and only when it changed:
//
//   state           "none", "connecting", "live", "stopped", "lost", "ended" or "offline"
//   fps             pictures drawn in the last second
//   frame           sequence number of the picture shown
//   picture         {width, height} of the picture
//   pointer         {type: "down" | "move" | "up" | "cancel", x, y, buttons, time}, in pixels of the
//                   picture, at most once per drawing; time in ms since 1970
//
// Pictures never pass through React: they are drawn by the browser's own clock, and React sees the
// component only when a property changes.

import { Screen } from './screen.js';

const { createElement: h, useEffect, useRef } = window.React;

const { requests_pathname_prefix: prefix } = JSON.parse(document.getElementById('_dash-config').textContent);

// The address to dial, or null when no camera is to be shown.
function sourceOf({ camera, src }) {
  const address = src ?? `${prefix}_vizyd/video`;

  if (camera === undefined)
    return address;
  return camera ? `${address}${address.includes('?') ? '&' : '?'}camera=${encodeURIComponent(camera)}` : null;
}

export function LiveView(props) {
  const root = useRef(null);
  const screen = useRef(null);
  const latest = useRef(props);

  latest.current = props;
  const src = sourceOf(props);
  useEffect(() => {
    screen.current = new Screen(root.current, {
      src,
      fit: props.fit ?? 'contain',
      setProps: (values) => latest.current.setProps?.(values),
    });
    return () => screen.current.close();
  }, [src, props.fit]);
  useEffect(() => screen.current.setOverlay(props.overlay), [props.overlay, src, props.fit]);
  useEffect(() => screen.current.setPointing(Boolean(props.pointer_events)),
    [props.pointer_events, src, props.fit]);

  return h('div', {
    ref: root,
    id: props.id,
    className: ['vz-live-view', props.className ?? props.class_name].filter(Boolean).join(' '),
    style: props.style,
    'data-vizyd-live': '',
    'data-status': props.show_status === false ? 'hidden' : 'shown',
  },
  h('canvas', {
    className: 'vz-live-picture', role: 'img', 'aria-label': props.label ?? 'Live picture of the camera',
  }),
  h('canvas', { className: 'vz-live-overlay', 'aria-hidden': true }),
  h('div', { className: 'vz-live-label', 'aria-hidden': true }),
  h('div', { className: 'vz-live-message', role: 'status' }));
}
