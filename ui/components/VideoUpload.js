// VideoUpload: a button that sends a video of this device to the daemon, as it is, with a bar that shows
// how much has gone.
//
//   id
//   label      on the button
//   target     where it is sent: an address below the page's own path; its name is added
//   accept     which files are offered
//   max_bytes  a larger one is not sent
//   className
//
// It tells:
//
//   sent       {name, time} of the last one that was taken
//
// What is wrong with a file is said below the button, in the daemon's own words.

const { createElement: h, useRef, useState } = window.React;

const { requests_pathname_prefix: prefix } = JSON.parse(document.getElementById('_dash-config').textContent);

const megabytes = (bytes) => `${Math.ceil(bytes / 1e6)} MB`;

export function VideoUpload({ id, label, target, accept, max_bytes: limit, className, setProps }) {
  const input = useRef(null);
  const request = useRef(null);
  const [part, setPart] = useState(null); // 0..1 while one is sent
  const [note, setNote] = useState('');

  const finish = (text) => {
    request.current = null;
    setPart(null);
    setNote(text);
  };
  const send = (file) => {
    const xhr = new XMLHttpRequest();

    if (limit && file.size > limit) {
      setNote(`${file.name} has ${megabytes(file.size)}: expected at most ${megabytes(limit)}`);
      return;
    }
    request.current = xhr;
    setPart(0);
    setNote('');
    xhr.upload.onprogress = ({ loaded, total }) => setPart(total ? loaded / total : 0);
    xhr.onload = () => {
      finish(xhr.status === 200 ? '' : xhr.responseText.trim() || `The camera answered ${xhr.status}`);
      if (xhr.status === 200)
        setProps?.({ sent: { name: file.name, time: Date.now() } });
    };
    xhr.onerror = () => finish(`${file.name}: the connection was lost`);
    xhr.onabort = () => finish('');
    xhr.open('POST', `${prefix}${target}?name=${encodeURIComponent(file.name)}`);
    xhr.send(file);
  };
  const choose = (event) => {
    const [file] = event.target.files;

    // The same one may be chosen again.
    event.target.value = '';
    if (file)
      send(file);
  };

  return h('div', { id, className: ['vz-upload', className].filter(Boolean).join(' ') },
    h('input', { ref: input, type: 'file', accept: accept ?? 'video/*', hidden: true, onChange: choose }),
    h('button', {
      type: 'button', className: 'vz-button',
      onClick: () => (part === null ? input.current.click() : request.current?.abort()),
    }, part === null ? label ?? 'Upload a video' : 'Stop'),
    part !== null && h('progress', { className: 'vz-progress', value: part, max: 1 }),
    note && h('p', { className: 'vz-note vz-upload-note', role: 'alert' }, note));
}
