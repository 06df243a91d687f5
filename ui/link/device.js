// Which of several devices this tab works with: its name outlives a reload of the page, with the tab.

const KEY = 'vizyd-device';

// The name, or null.
export function recallDevice() {
  try {
    return window.sessionStorage.getItem(KEY);
  } catch {
    // A page may be refused its storage: then the choice ends with it.
    return null;
  }
}

export function rememberDevice(name) {
  try {
    if (name === null)
      window.sessionStorage.removeItem(KEY);
    else
      window.sessionStorage.setItem(KEY, name);
  } catch {
    // As above.
  }
}
