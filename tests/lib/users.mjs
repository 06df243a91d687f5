// Users of a daemon that wants one to log in; `daemon.stateDir` is its folder.

import { spawnSync } from 'node:child_process';

import { vizyd } from './daemon.mjs';
import { get } from './http.mjs';
import { until } from './wait.mjs';

/** What a test's users have for a password, unless it says otherwise. */
export const passwordOf = name => `password of ${name}`;

function command(daemon, args, input) {
	const { status, stderr } = spawnSync(vizyd, ['user', '--state-dir', daemon.stateDir, ...args], { input, encoding: 'utf8' });

	if (status !== 0) {
		throw new Error(`vizyd user ${args.join(' ')}: ${stderr}`);
	}
}

/** Adds a user as a person in a shell does. */
export function addUser(daemon, name, role, password = passwordOf(name)) {
	command(daemon, ['add', name, '--role', role], `${password}\n`);
}

export function allowGuests(daemon, on) {
	command(daemon, ['guests', on ? 'on' : 'off']);
	// The daemon notices by itself.
	return until(async () => (await get(daemon, '/_dash-layout')).status === (on ? 200 : 401), { what: `guests ${on}` });
}

/** Logs in by the form of /login; resolves with the cookie as a header has it. */
export async function logIn(daemon, name, password = passwordOf(name)) {
	let answer;

	// A user that was added just now is not known yet.
	await until(async () => {
		answer = await get(daemon, '/login', {
			method: 'POST', body: new URLSearchParams({ name, password }).toString(),
			headers: { Origin: daemon.url, 'Content-Type': 'application/x-www-form-urlencoded' },
		});
		return answer.headers['set-cookie'];
	}, { timeout: 20000, what: () => `${name} to be logged in: ${answer.status} ${answer.body}` });
	return answer.headers['set-cookie'].split(';')[0];
}
