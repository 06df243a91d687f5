// What is drawn over the picture, and where a pointer is in it.
//
// Shapes are in pixels of the picture, from its upper left corner: the middle of the first pixel is at 0.5.
// The widths of lines and the sizes of letters are in pixels of the screen, so that they stay readable on
// every size of picture. A shape that is not understood is left out.

const COLOUR = '#ffd166';

// Seen on any picture: dark below, the colour above.
function stroke(context) {
  const { strokeStyle, lineWidth } = context;

  context.strokeStyle = 'rgba(0, 0, 0, 0.5)';
  context.lineWidth = lineWidth + 2;
  context.stroke();
  context.strokeStyle = strokeStyle;
  context.lineWidth = lineWidth;
  context.stroke();
}

const draw = {
  line({ x1, y1, x2, y2 }, { context, at }) {
    context.beginPath();
    context.moveTo(...at(x1, y1));
    context.lineTo(...at(x2, y2));
    stroke(context);
  },

  polyline({ points, closed }, { context, at }) {
    context.beginPath();
    for (const [x, y] of points)
      context.lineTo(...at(x, y));
    if (closed)
      context.closePath();
    stroke(context);
  },

  circle({ x, y, r, fill }, { context, at, scale }) {
    context.beginPath();
    context.arc(...at(x, y), r * scale, 0, 2 * Math.PI);
    if (fill)
      context.fill();
    stroke(context);
  },

  cross({ x, y, size = 12 }, { context, at }) {
    const [cx, cy] = at(x, y);

    context.beginPath();
    context.moveTo(cx - size / 2, cy);
    context.lineTo(cx + size / 2, cy);
    context.moveTo(cx, cy - size / 2);
    context.lineTo(cx, cy + size / 2);
    stroke(context);
  },

  text({ x, y, text, size = 14 }, { context, at }) {
    context.font = `600 ${size}px system-ui, sans-serif`;
    // Readable on any picture.
    context.lineJoin = 'round';
    context.lineWidth = 3;
    context.strokeStyle = 'rgba(0, 0, 0, 0.7)';
    context.strokeText(String(text), ...at(x, y));
    context.fillText(String(text), ...at(x, y));
  },
};

// The place of a picture of @picture {width, height} in a box of @box {width, height}, as CSS's object-fit
// of the same name has it.
export function placeOf(picture, box, fit = 'contain') {
  const choose = fit === 'cover' ? Math.max : Math.min;
  const scale = choose(box.width / picture.width, box.height / picture.height);

  return {
    scale,
    left: (box.width - picture.width * scale) / 2,
    top: (box.height - picture.height * scale) / 2,
  };
}

// The pixel of the picture at @x, @y of the box, and kept inside the picture.
export function pixelAt(x, y, picture, box, fit) {
  const { scale, left, top } = placeOf(picture, box, fit);
  const inside = (value, limit) => Math.min(Math.max(value, 0), limit);
  const round = (value) => Math.round(value * 10) / 10;

  return {
    x: round(inside((x - left) / scale, picture.width)),
    y: round(inside((y - top) / scale, picture.height)),
  };
}

// Draws @shapes on @canvas, which lies over a box of @box CSS pixels showing @picture.
export function drawOverlay(canvas, shapes, { picture, box, fit, pixelRatio }) {
  const width = Math.round(box.width * pixelRatio);
  const height = Math.round(box.height * pixelRatio);

  // Setting a size clears the canvas as well, and costs more.
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  const context = canvas.getContext('2d');
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, width, height);
  if (!picture || !Array.isArray(shapes))
    return;

  const { scale, left, top } = placeOf(picture, box, fit);
  const at = (x, y) => [left + x * scale, top + y * scale];
  context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
  for (const shape of shapes) {
    if (!shape || !Object.prototype.hasOwnProperty.call(draw, shape.type))
      continue;
    context.strokeStyle = context.fillStyle = shape.color ?? COLOUR;
    context.lineWidth = shape.width ?? 2;
    try {
      draw[shape.type](shape, { context, at, scale });
    } catch {
      // A shape with a coordinate missing must not take the others with it.
    }
  }
}
