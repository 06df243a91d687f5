// Lines of a GPIO chip that the kernel simulates: edges, outputs, and a chip that comes and goes.

import assert from 'node:assert/strict';
import test from 'node:test';

import { dependencies, layoutHash, Tab } from '../lib/tab.mjs';
import { until } from '../lib/wait.mjs';
import { machine, patience } from './machine.mjs';

const lines = async () => (await machine.statusPage()).lines;
const chip = line => `/run/gpio-chip/sim_gpio${line}`;
const BUTTON = 4, DOOR = 5, LAMP = 6;
/** The button is between the line and ground: pressed, it pulls down. */
const pull = (line, to) => machine.run(`echo pull-${to} >${chip(line)}/pull`);

/** Two tabs, for as long as the test runs. */
async function openTabs(t) {
	const tabs = [await Tab.open(machine), await Tab.open(machine)];

	t.after(() => Promise.all(tabs.map(tab => tab.bye())));
	return tabs;
}

/** Calls every callback that listens to a property, as a browser does. */
async function set(tab, name, value) {
	const { list } = await dependencies(machine);

	for (const { output, inputs } of list) {
		if (inputs.some(({ id, property }) => `${id}.${property}` === name)) {
			await tab.call(output, { [name]: value }, patience);
		}
	}
}

test('a chip that is plugged in later is found, and is the group\'s', async () => {
	assert.equal((await lines()).button.state, 'missing');
	await machine.run('systemctl start gpio-chip');
	await until(async () => Object.values(await lines()).every(({ state }) => state === 'open'), { ...patience, what: 'the lines' });
	assert.equal(await machine.run('stat --format="%U:%G %a" /dev/gpiochip0'), 'root:gpio 660');
	const info = await machine.run('gpioinfo --chip gpiochip0');

	assert.match(info, /"BUTTON"\s+input active-low bias=pull-up edges=both.* consumer="?vizyd/);
	assert.match(info, /"LAMP"\s+output.* consumer="?vizyd/);
});

test('an edge in the kernel is a value in both browsers', async t => {
	const tabs = await openTabs(t);
	const before = (await lines()).button.edges;

	await set(tabs[0], 'brightness.value', 60);
	await tabs[1].has('brightness', 'value', 60, patience);
	await pull(BUTTON, 'down');
	for (const tab of tabs) {
		await tab.has('brightness', 'value', 20, patience);
		await tab.has('gpio-button-level', 'className', 'vz-level vz-level-active', patience);
	}
	assert.equal(await machine.run(`cat ${chip(BUTTON)}/value`), '0');
	await pull(BUTTON, 'up');
	await until(async () => (await lines()).button.edges === before + 2, { ...patience, what: 'the release' });
	assert.equal((await lines()).button.lost, 0);
});

test('how soon two browsers know of it', async t => {
	const layout = await layoutHash(machine);
	const [tab] = await openTabs(t);
	const worst = [];

	for (let i = 0; i < 5; i++) {
		await set(tab, 'brightness.value', 60);
		const hello = JSON.stringify({
			type: 'hello', rendererId: `witness-@-${i}`, payload: { link: 1, layout, boot: null, device: null },
		});
		const said = await machine.run(
			`/share/witness ${chip(BUTTON)}/pull pull-down '"brightness":{"value":20' '${hello}' '${machine.headers.Cookie}'`);
		const times = [...said.matchAll(/^client \d: ([\d.]+) ms$/gm)].map(match => Number(match[1]));

		assert.equal(times.length, 2, said);
		worst.push(Math.max(...times));
		await pull(BUTTON, 'up');
	}
	worst.sort((a, b) => a - b);
	// What an emulated processor takes says little of a real one: it is told, not judged.
	console.log(`measured: from the edge until the later of two clients has it: ${worst.join(', ')} ms (a person should not notice: 50 ms)`);
});

test('the kernel debounces a contact that bounces, and counts where nothing is to be missed', async () => {
	const before = await lines();

	// As fast as it goes, and at the pace of a door: of two at once the kernel's handler sees one.
	await machine.run(`for i in {1..6}; do for to in down up; do echo pull-$to >${chip(BUTTON)}/pull; done; done
		echo pull-down >${chip(BUTTON)}/pull
		for i in {1..4}; do for to in up down; do echo pull-$to >${chip(DOOR)}/pull; sleep 0.1; done; done`);
	await until(async () => (await lines()).door.edges - before.door.edges === 8, { ...patience, what: 'the edges of the door' });
	await until(async () => (await lines()).button.active, { ...patience, what: 'the button to be down' });
	const { button, door } = await lines();

	assert.ok(button.edges - before.button.edges < 13, `${button.edges - before.button.edges} edges of the button`);
	assert.equal(door.lost, before.door.lost);
	await pull(BUTTON, 'up');
	await until(async () => !(await lines()).button.active, { ...patience, what: 'the button to be up' });
});

test('edges that the kernel could not keep are counted', async () => {
	const before = (await lines()).door;

	// It keeps 64, and the service sleeps meanwhile, for less than its watchdog bears. A pause without a process of its own.
	await machine.run(`exec 9<> <(:)
		pid=$(systemctl show --property=MainPID --value vizyd); kill -STOP $pid
		for i in {1..80}; do for to in up down; do echo pull-$to >${chip(DOOR)}/pull; read -t 0.01 -u 9; done; done
		kill -CONT $pid`);
	const { edges, lost } = await until(async () => {
		const { door } = await lines();

		return door.lost > before.lost && door;
	}, { ...patience, what: () => `lost edges; before ${JSON.stringify(before)}` });

	assert.ok(edges - before.edges <= 65, `${edges - before.edges} seen, ${lost - before.lost} lost`);
	console.log(`measured: of 160 edges while the service slept, ${edges - before.edges} were seen and ${lost - before.lost} counted as lost`);
});

test('the lamp follows a property of the page', async t => {
	const [tab] = await openTabs(t);
	const shows = value => machine.settle(`grep -qx ${value} ${chip(LAMP)}/value`, `the lamp to show ${value}`);

	await set(tab, 'auto-exposure.value', []);
	await shows(0);
	await set(tab, 'auto-exposure.value', ['on']);
	await shows(1);
});

test('a chip that is pulled out is missing, and back by itself', async t => {
	const tabs = await openTabs(t);
	const pid = await machine.show('MainPID');

	await machine.run('systemctl stop gpio-chip');
	await until(async () => Object.values(await lines()).every(({ state }) => state === 'missing'), { ...patience, what: 'the loss' });
	await machine.run('systemctl start gpio-chip');
	await until(async () => Object.values(await lines()).every(({ state }) => state === 'open'), { ...patience, what: 'the lines' });
	await set(tabs[0], 'brightness.value', 60);
	await pull(BUTTON, 'down');
	for (const tab of tabs) {
		await tab.has('brightness', 'value', 20, patience);
	}
	await pull(BUTTON, 'up');
	await machine.settle(`grep -qx 1 ${chip(LAMP)}/value`, 'the lamp to show what it did');
	assert.equal(await machine.show('MainPID'), pid, 'it is the same process');
});
