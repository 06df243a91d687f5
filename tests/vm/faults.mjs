// What goes wrong in the life of an appliance: a crash, a loop that stands still, a power cut.

import assert from 'node:assert/strict';
import test from 'node:test';

import { brightness } from '../lib/camera.mjs';
import { Tab } from '../lib/tab.mjs';
import { sleep, until } from '../lib/wait.mjs';
import { machine, patience } from './machine.mjs';

/** Sets the brightness from a tab of its own, and says when it is kept. */
async function keepBrightness(value) {
	const tab = await Tab.open(machine);

	await (await brightness(machine)).set(tab, value);
	await machine.settle(`grep -q '"brightness":${value}[,}]' /var/lib/vizyd/state.json`, `${value} to be kept`);
	await tab.bye();
}

/** The brightness that the page has, once it is served. */
async function shownBrightness() {
	const tab = await until(() => Tab.open(machine).catch(() => null), { ...patience, what: 'the page' });
	const { value } = tab.welcome.set.brightness;

	await tab.bye();
	return value;
}

/** Camera and lines, which the guest does not have when it boots. */
async function plugIn() {
	await machine.run('systemctl start gpio-chip usb-camera');
	await until(async () => {
		const { camera, lines } = await machine.statusPage().catch(() => ({}));

		return camera?.kind === 'libcamera' && camera.state !== 'lost' && Object.values(lines).every(({ state }) => state === 'open');
	}, { ...patience, what: 'camera and lines' });
}

const restarts = async () => Number(await machine.show('NRestarts'));

test('a crash: it is back, with what was set, and says what it was', async () => {
	const before = await restarts();

	await plugIn();
	await keepBrightness(31);
	await machine.run('systemctl kill --signal=SEGV vizyd');
	await until(async () => await restarts() === before + 1, { ...patience, what: 'the restart' });
	await machine.settle('systemctl is-active vizyd');
	assert.equal(await shownBrightness(), 31);
	assert.match(await machine.run('journalctl --unit=vizyd --output=cat --no-pager | tail -n 40'), /SEGV/);
});

test('a loop that stands still is ended by the watchdog, and starts again', async () => {
	const before = await restarts();

	await keepBrightness(62);
	await machine.run('kill -STOP $(systemctl show --property=MainPID --value vizyd)');
	await until(async () => await restarts() === before + 1, { ...patience, what: 'the restart' });
	await machine.settle('systemctl is-active vizyd');
	assert.match(await machine.run('journalctl --unit=vizyd --output=cat --no-pager | tail -n 40'), /Watchdog timeout/);
	assert.equal(await shownBrightness(), 62);
});

test('a reload takes the new configuration, and keeps process and clients', async t => {
	const tab = await Tab.open(machine);
	const pid = await machine.show('MainPID');
	const reload = command => machine.run(`${command}; systemctl reload vizyd`);

	t.after(() => reload('rm -f /etc/vizyd/vizyd.conf.d/title.conf'));
	await reload(`printf '[server]\\ntitle = Another name\\n' >/etc/vizyd/vizyd.conf.d/title.conf`);
	await until(async () => (await (await machine.page()).text()).includes('<title>Another name'), { ...patience, what: 'the new title' });
	assert.equal((await machine.statusPage()).configuration.reloads, 1);
	assert.equal(await machine.show('MainPID'), pid);
	assert.equal(tab.socket.readyState, tab.socket.OPEN);
	await tab.bye();
});

test('the power is cut while settings are saved: they are the old or the new ones, whole', async () => {
	// Saving begins a second after the last change: in the middle of it, and when all is on the disk.
	for (const [i, pause] of [1050, 8000].entries()) {
		const old = 40 + 10 * i;
		const values = Array.from({ length: 9 }, (_, j) => old + 1 + j);

		await keepBrightness(old);
		await machine.run('sync');
		const tab = await Tab.open(machine);
		const { set } = await brightness(machine);

		for (const value of values) {
			await set(tab, value);
		}
		await sleep(pause);
		tab.socket.terminate();
		await machine.cutPower();
		await machine.settle('systemctl is-active vizyd', 'the service to be active after the power cut');
		await machine.logIn();
		await plugIn();
		const found = await shownBrightness();

		console.log(`measured: cut ${pause} ms after ${values.at(-1)} was set over ${old}: ${found}`);
		assert.ok(pause < 8000 ? found === old || values.includes(found) : found === values.at(-1),
			`${found} is neither ${old} nor one of ${values}`);
		assert.doesNotMatch(await machine.run('journalctl --boot --unit=vizyd --output=cat --no-pager'), /damaged|cannot be (read|understood)/i);
	}
});

test('after a boot, too, devices are the group\'s', async () => {
	for (const line of (await machine.run('stat --format="%n %G %a" /dev/video* /dev/media* /dev/dma_heap/* /dev/udmabuf')).split('\n')) {
		assert.match(line, / video 660$/);
	}
	assert.equal(await machine.run('stat --format="%G %a" /dev/gpiochip0'), 'gpio 660');
});
