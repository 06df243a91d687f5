// TrackView: a picture of a clip with what was found in it drawn over it.
//
//   id
//   src        address of the picture, below the page's own path
//   label      what it shows, for those who cannot see it
//   size       [width, height] of the picture in pixels; without it nothing is drawn
//   aspect     the width of a pixel by its height, 1 unless told: it is shown with pixels of that shape
//   tracks     [{color, points: [[x, y], …], marks: [index, …]}], pixel centres at whole numbers; the
//              points in marks stand out
//   crosses    [{x, y, color}]
//   line       [x1, y1, x2, y2]: a line with a handle at each end, to be moved; null: none
//   line_text  what is written beside it
//   hover      {track, index} of the point that is marked, or null
//   className
//
// It tells:
//
//   line       where the line was moved to
//   hovered    {track, index} of the point under the pointer, or null
//   pressed    {x, y, time} where the picture was pressed; time in ms since 1970
//
// While a picture is on its way no other one is asked for, and then only the newest: who drags a slider
// sees as many as the line carries.

const { createElement: h, useEffect, useMemo, useRef, useState } = window.React;

const { requests_pathname_prefix: prefix } = JSON.parse(document.getElementById('_dash-config').textContent);

const COLOUR = '#ffd166';
const REACH_PX = 18; // of the screen: so near to a point is on it

const round = (value) => Math.round(value * 10) / 10;

// The newest picture that has come.
function usePicture(src) {
  const [shown, setShown] = useState(null);
  const wanted = useRef(null);
  const loading = useRef(false);

  useEffect(() => {
    wanted.current = src ?? null;
    const load = () => {
      const next = wanted.current;
      const image = new Image();

      loading.current = true;
      const done = (is) => {
        loading.current = false;
        if (is && wanted.current !== null)
          setShown(next);
        if (wanted.current !== null && wanted.current !== next)
          load();
      };
      image.onload = () => done(true);
      image.onerror = () => done(false);
      image.src = prefix + next;
    };

    if (wanted.current === null)
      setShown(null);
    else if (!loading.current)
      load();
  }, [src]);
  useEffect(() => () => { wanted.current = null; }, []);
  return shown;
}

const path = (points) => (points.length ? `M${points.map(([x, y]) => `${x} ${y}`).join('L')}` : '');
const dots = (points) => points.map(([x, y]) => `M${x} ${y}h0`).join('');

// Of points that fall onto one pixel of the picture the first.
function apart(points) {
  const taken = new Set();

  return points.filter(([x, y]) => taken.size < taken.add(Math.round(x) * 65536 + Math.round(y)).size);
}

// Without those that are hardly a way from the one before.
function thinned(points) {
  let last = points[0];

  return points.filter((point, i) => !i
    || (Math.hypot(point[0] - last[0], point[1] - last[1]) > 0.3 && (last = point)));
}

// What does not change while a pointer moves.
function useDrawing(tracks) {
  return useMemo(() => (tracks ?? []).map(({ color, points, marks }, i) => h('g', { key: i, stroke: color ?? COLOUR },
    h('path', { className: 'vz-track-line', d: path(thinned(points)) }),
    h('path', { className: 'vz-track-dots', d: dots(apart(points)) }),
    h('path', { className: 'vz-track-marks', d: dots(apart((marks ?? []).map((k) => points[k]))) }))), [tracks]);
}

// The pixel of the picture under the pointer, and how many of them a pixel of the screen is.
function pixelOf(event, svg, [width, height]) {
  const box = svg.getBoundingClientRect();
  const inside = (value, limit) => Math.min(Math.max(value, 0), limit - 1);

  return {
    x: round(inside((event.clientX - box.left) * width / box.width - 0.5, width)),
    y: round(inside((event.clientY - box.top) * height / box.height - 0.5, height)),
    scale: width / box.width,
  };
}

function nearest(tracks, { x, y, scale }) {
  let best = null;
  let least = (REACH_PX * scale) ** 2;

  (tracks ?? []).forEach(({ points }, track) => points.forEach((point, index) => {
    const distance = (point[0] - x) ** 2 + (point[1] - y) ** 2;

    if (distance < least) {
      least = distance;
      best = { track, index };
    }
  }));
  return best;
}

const same = (a, b) => a?.track === b?.track && a?.index === b?.index;

export function TrackView(props) {
  const { id, src, label, size, aspect = 1, tracks, crosses, line, line_text: text, hover, className, setProps } = props;
  const shown = usePicture(src);
  const drawing = useDrawing(tracks);
  const svg = useRef(null);
  const [own, setOwn] = useState(null); // the point under our own pointer
  const [moved, setMoved] = useState(null); // the line while it is dragged
  const held = useRef(null); // which end is
  const marked = own ?? hover;
  const point = marked && tracks?.[marked.track]?.points[marked.index];
  const ends = moved ?? line;

  const onMove = (event) => {
    const at = pixelOf(event, svg.current, size);

    if (held.current !== null) {
      const next = [...(moved ?? line)];

      next.splice(held.current * 2, 2, at.x, at.y);
      setMoved(next);
      return;
    }
    const now = nearest(tracks, at);
    if (!same(now, own)) {
      setOwn(now);
      setProps?.({ hovered: now });
    }
  };
  const onDown = (event) => {
    const end = event.target.getAttribute('data-end');
    const { x, y } = pixelOf(event, svg.current, size);

    if (end === null) {
      setProps?.({ pressed: { x, y, time: Date.now() } });
      return;
    }
    held.current = Number(end);
    svg.current.setPointerCapture(event.pointerId);
    event.preventDefault();
  };
  const onUp = () => {
    if (held.current === null)
      return;
    held.current = null;
    if (moved)
      setProps?.({ line: moved });
    setMoved(null);
  };
  const onLeave = () => {
    if (own) {
      setOwn(null);
      setProps?.({ hovered: null });
    }
  };

  return h('div', {
    id,
    className: ['vz-track-view', className].filter(Boolean).join(' '),
    style: size ? { '--vz-aspect': size[0] * aspect / size[1] } : null,
    'data-shown': shown,
  },
  shown && h('img', { src: prefix + shown, alt: label ?? 'Picture of the clip', draggable: false }),
  size && h('svg', {
    ref: svg, viewBox: `-0.5 -0.5 ${size[0]} ${size[1]}`, preserveAspectRatio: 'none', onPointerMove: onMove, onPointerDown: onDown,
    onPointerUp: onUp, onPointerCancel: onUp, onPointerLeave: onLeave,
  },
  drawing,
  (crosses ?? []).map(({ x, y, color }, i) => h('path', {
    key: `c${i}`, className: 'vz-track-cross', stroke: color ?? COLOUR,
    d: `M${x} ${y}m${-size[0] / 60} 0h${size[0] / 30}m${-size[0] / 60} ${-size[0] * aspect / 60}v${size[0] * aspect / 30}`,
  })),
  point && h('path', { className: 'vz-track-mark', stroke: tracks[marked.track].color ?? COLOUR, d: dots([point]) }),
  ends && h('g', { className: 'vz-track-ruler' },
    h('path', { d: path([ends.slice(0, 2), ends.slice(2)]) }),
    [0, 1].map((end) => h('ellipse', {
      key: end, className: 'vz-track-handle', 'data-end': end, cx: ends[end * 2], cy: ends[end * 2 + 1],
      rx: size[0] / 50, ry: size[0] * aspect / 50,
    })))),
  size && ends && text && h('div', {
    className: 'vz-track-text',
    style: {
      left: `${(ends[0] + ends[2] + 1) / 2 / size[0] * 100}%`, top: `${(ends[1] + ends[3] + 1) / 2 / size[1] * 100}%`,
    },
  }, text));
}
