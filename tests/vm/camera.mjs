// A USB camera on the kernel's own drivers, through libcamera, in the service's sandbox.

import assert from 'node:assert/strict';
import test from 'node:test';

import { brightness, snapshot, watch } from '../lib/camera.mjs';
import { Tab } from '../lib/tab.mjs';
import { until } from '../lib/wait.mjs';
import { machine, patience } from './machine.mjs';

const state = async () => (await machine.statusPage()).camera;
const isLive = async () => (await state()).state === 'live';
/** What the camera itself says that was set in it. */
const deviceSays = () => machine.run('journalctl --unit=usb-camera --output=cat --no-pager');

/** Somebody who looks, for as long as the test runs: without, the camera rests. */
async function look(t, options) {
	const watcher = await watch(machine, { keep: false, ...options });

	t.after(() => watcher.close());
	return watcher;
}

test('a camera that is plugged in later is found, and its devices are the group\'s', async t => {
	// Until then, there is a drawing.
	assert.equal((await state()).kind, 'simulated');
	await machine.run('systemctl start usb-camera');
	await look(t);
	await until(async () => (await state()).kind === 'libcamera' && isLive(), { ...patience, what: 'the camera' });
	const { kind, name, width, height } = await state();

	assert.deepEqual({ kind, name, width, height }, { kind: 'libcamera', name: 'Software camera', width: 640, height: 480 });
	for (const line of (await machine.run('stat --format="%n %U:%G %a" /dev/video* /dev/media* /dev/dma_heap/* /dev/udmabuf')).split('\n')) {
		assert.match(line, / root:video 660$/);
	}
});

test('frames flow, over the websocket and as motion JPEG', async t => {
	const watcher = await look(t);

	await until(() => watcher.pictures.length >= 60, { ...patience, what: () => `pictures: ${watcher.pictures.length}` });
	const pictures = watcher.pictures.slice(-60);

	for (let i = 1; i < pictures.length; i++) {
		assert.ok(pictures[i].sequence > pictures[i - 1].sequence && pictures[i].time_ns > pictures[i - 1].time_ns);
	}
	assert.deepEqual([pictures[0].width, pictures[0].height], [640, 480]);
	const seconds = Number(pictures.at(-1).time_ns - pictures[0].time_ns) / 1e9;
	const { captured, lost } = (await machine.statusPage()).frames;

	console.log(`measured: the camera: ${(await state()).fps.toFixed(1)} frames/s; pictures: ${(59 / seconds).toFixed(1)}/s; ` +
		`captured ${captured}, lost ${lost}`);
	const stop = new AbortController();
	const stream = await fetch(`${machine.url}/stream.mjpg`, { signal: stop.signal });
	let parts = 0;

	assert.equal(stream.status, 200);
	for await (const piece of stream.body) {
		parts += Buffer.from(piece).toString('latin1').split('Content-Type: image/jpeg').length - 1;
		if (parts >= 10) {
			break;
		}
	}
	stop.abort();
});

test('brightness from a websocket reaches the device, and the picture', async t => {
	const watcher = await look(t);
	const [tab, other] = [await Tab.open(machine), await Tab.open(machine)];
	const { set } = await brightness(machine);
	const means = [];

	t.after(() => Promise.all([tab.bye(), other.bye()]));
	for (const value of [50, 20, 90]) {
		const seen = watcher.pictures.length;

		await set(tab, value);
		await other.has('brightness', 'value', value, patience);
		// Some pictures were on their way already.
		await until(() => watcher.pictures.length > seen + 15, { ...patience, what: 'pictures' });
		means.push((await snapshot(machine.url)).mean);
	}
	assert.ok(means[1] < means[0] - 20 && means[2] > means[0] + 20, `mean luma at 50, 20, 90: ${means.map(Math.round)}`);
	const values = [...(await deviceSays()).matchAll(/^brightness = (-?\d+)$/gm)].map(match => Number(match[1]));

	assert.ok(values.length >= 2 && values.at(-2) < 0 && values.at(-1) > 0, `the device was set to ${values}`);
	await set(tab, 50);
});

test('the sandbox leaves the camera open, and no other device', async () => {
	// Root in the service's control group: what the policy of devices denies, it denies root as well.
	const open = path => machine.run(`(echo $BASHPID >/sys/fs/cgroup/system.slice/vizyd.service/cgroup.procs; exec 3<${path}) 2>&1; true`);

	for (const path of ['/dev/video0', '/dev/media0', '/dev/dma_heap/system', '/dev/udmabuf', '/dev/null']) {
		assert.equal(await open(path), '', path);
	}
	for (const path of ['/dev/vda', '/dev/kmsg', '/dev/mem', '/dev/hwrng', '/dev/ttyS0']) {
		assert.match(await open(path), /Operation not permitted/, path);
	}
});

test('a camera that is pulled out is lost for all to see, and back by itself', async t => {
	const watcher = await look(t);
	const pid = await machine.show('MainPID');

	await until(() => watcher.pictures.length > 0, { ...patience, what: 'pictures' });
	await machine.run('systemctl stop usb-camera');
	await until(async () => (await state()).state === 'lost', { ...patience, what: 'the loss' });
	await until(() => watcher.states.at(-1)?.state === 'lost', { ...patience, what: 'the loss, for the watcher' });
	await machine.run('systemctl start usb-camera');
	await until(isLive, { ...patience, what: 'the camera to be back' });
	const seen = watcher.pictures.length;

	await until(() => watcher.pictures.length > seen + 5, { ...patience, what: 'pictures again' });
	assert.equal(await machine.show('MainPID'), pid, 'it is the same process');
});

test('libcamera\'s virtual camera gets its buffers from the kernel\'s dma heap', async t => {
	const conf = '/etc/vizyd/vizyd.conf.d/virtual.conf';

	await machine.run(`install -D -m 644 /share/virtual.yaml /usr/share/libcamera/pipeline/virtual/virtual.yaml
		printf '[camera]\\nsource = libcamera:VirtualBars\\n' >${conf}
		systemctl restart vizyd`);
	t.after(() => machine.run(`rm ${conf} /usr/share/libcamera/pipeline/virtual/virtual.yaml; systemctl restart vizyd`));
	const { width, height } = await until(() => snapshot(machine.url).catch(() => null), { ...patience, what: 'a picture' });

	assert.deepEqual([width, height], [1280, 720]);
	assert.equal((await state()).kind, 'libcamera');
});
