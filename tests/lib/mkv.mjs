// Matroska as far as a recording has it, read by the rules of RFC 9559 rather than by ours.

const segmentId = 0x18538067, infoId = 0x1549a966, scaleId = 0x2ad7b1, clusterId = 0x1f43b675, timestampId = 0xe7, blockId = 0xa3;

/** A variable-length integer at `at`: its value, with the marker or without, and where it ends. */
function readInteger(bytes, at, keepMarker) {
	const length = Math.clz32(bytes[at]) - 23;
	let value = keepMarker ? bytes[at] : bytes[at] & ((1 << (8 - length)) - 1);
	let isUnknown = (bytes[at] | (0xff << (8 - length))) === -1 && !keepMarker;

	for (let i = 1; i < length; i++) {
		value = value * 256 + bytes[at + i];
		isUnknown &&= bytes[at + i] === 0xff;
	}
	return { value: isUnknown ? Infinity : value, end: at + length };
}

/** The elements from `at` up to `end`: id, body. */
function* elements(bytes, at, end) {
	while (at < end) {
		const { value: id, end: size } = readInteger(bytes, at, true);
		const { value, end: from } = readInteger(bytes, size, false);
		const to = Math.min(end, from + value);

		yield { id, from, to };
		at = to;
	}
}

const number = bytes => bytes.reduce((sum, byte) => sum * 256 + byte, 0);

/** Time in nanoseconds and JPEG of each frame. */
export function readFrames(bytes) {
	const frames = [];
	let scale = 1e6;

	for (const segment of elements(bytes, 0, bytes.length)) {
		if (segment.id !== segmentId) {
			continue;
		}
		for (const { id, from, to } of elements(bytes, segment.from, segment.to)) {
			let timestamp = 0;

			for (const child of id === clusterId || id === infoId ? elements(bytes, from, to) : []) {
				if (child.id === scaleId) {
					scale = number(bytes.subarray(child.from, child.to));
				} else if (child.id === timestampId) {
					timestamp = number(bytes.subarray(child.from, child.to));
				} else if (child.id === blockId) {
					const { end } = readInteger(bytes, child.from, false);

					// Its own time is relative to the cluster's; then a byte of flags.
					frames.push({ time_ns: (timestamp + bytes.readInt16BE(end)) * scale, jpeg: bytes.subarray(end + 3, child.to) });
				}
			}
		}
	}
	return frames;
}
