// A picture as it comes over the video websocket: a header, little endian, then the JPEG. The layout
// of the header is in ../link/README.md.

const MAGIC = 0x3146_5a56; // "VZF1"
const LEAST_HEADER = 32;

// Returns {sequence, timeNs, width, height, jpeg}, or null if @buffer is none of ours. Numbers of 64
// bits become BigInt only where they must: the sequence counts to 2^53 in nine million years.
export function parsePicture(buffer) {
  if (buffer.byteLength < LEAST_HEADER)
    return null;

  const view = new DataView(buffer);
  const size = view.getUint32(4, true);
  if (view.getUint32(0, true) !== MAGIC || size < LEAST_HEADER || size > buffer.byteLength)
    return null;

  return {
    sequence: view.getUint32(8, true) + view.getUint32(12, true) * 2 ** 32,
    timeNs: view.getBigInt64(16, true),
    width: view.getUint32(24, true),
    height: view.getUint32(28, true),
    jpeg: new Uint8Array(buffer, size),
  };
}
