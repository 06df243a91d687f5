// The propTypes of our components, of which components.mjs makes the words of C. The page does not load
// them: every byte of it is one that a phone waits for.

const { array, bool, number, object, oneOf, string } = window.PropTypes;

export const LiveView = {
  id: string,
  camera: string,
  src: string,
  label: string,
  show_status: bool,
  overlay: array,
  pointer_events: bool,
  className: string,
  style: object,
  fit: oneOf(['contain', 'cover']),
  state: string,
  fps: number,
  frame: number,
  picture: object,
  pointer: object,
};

export const TrackView = {
  id: string,
  src: string,
  label: string,
  size: array,
  aspect: number,
  tracks: array,
  crosses: array,
  line: array,
  line_text: string,
  hover: object,
  className: string,
  hovered: object,
  pressed: object,
};

export const VideoUpload = {
  id: string,
  label: string,
  target: string,
  accept: string,
  max_bytes: number,
  className: string,
  sent: object,
};
