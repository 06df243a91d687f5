// LiveView: the camera's live picture, with room to draw over it and to point into it.
//
//   id
//   src             address of the video websocket, default /_vizyd/video
//   label           what the picture shows, for those who cannot see it
//   show_status     the small label with the frame rate, default true
//   overlay         [{type: "line" | "polyline" | "circle" | "cross" | "text", …, color, width}]
//   pointer_events  true: `pointer` tells where the picture is pressed
//   className, style, fit ("contain" or "cover")
//
// It tells, at most once a second and only when it changed:
//
//   state           "connecting", "live", "stopped", "lost", "ended" or "offline"
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

export function LiveView(props) {
  const root = useRef(null);
  const screen = useRef(null);
  const latest = useRef(props);

  latest.current = props;
  useEffect(() => {
    screen.current = new Screen(root.current, {
      src: props.src ?? '/_vizyd/video',
      fit: props.fit ?? 'contain',
      setProps: (values) => latest.current.setProps?.(values),
    });
    return () => screen.current.close();
  }, [props.src, props.fit]);
  useEffect(() => screen.current.setOverlay(props.overlay), [props.overlay, props.src, props.fit]);
  useEffect(() => screen.current.setPointing(Boolean(props.pointer_events)),
    [props.pointer_events, props.src, props.fit]);

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
