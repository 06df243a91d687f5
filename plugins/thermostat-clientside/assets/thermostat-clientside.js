// The looks of the thermostat: numbers in °C come from the daemon, a figure in the unit of whoever
// looks goes to the Graph. Named in thermostat-clientside.c as { "thermostat-clientside", "draw" }.

(() => {
  const convert = { C: (celsius) => celsius, F: (celsius) => celsius * 9 / 5 + 32 };
  const format = (celsius, unit) => `${convert[unit](celsius).toFixed(1)} °${unit}`;
  const grid = 'rgba(128, 144, 164, 0.25)';

  function draw({ minutes, room, target }, unit) {
    const line = (name, numbers, look) => (
      { name, x: minutes, y: numbers.map(convert[unit]), mode: 'lines', line: look });

    const figure = {
      data: [
        line('room', room, { color: '#e0662f', width: 3 }),
        line('target', target, { color: '#4d8fe8', dash: 'dot', shape: 'hv' }),
      ],
      layout: {
        paper_bgcolor: 'transparent',
        plot_bgcolor: 'transparent',
        font: { color: '#8090a4' },
        margin: { l: 44, r: 12, t: 8, b: 40 },
        legend: { orientation: 'h', y: 1.15 },
        xaxis: { title: { text: 'minutes' }, gridcolor: grid },
        yaxis: { title: { text: `°${unit}` }, range: [8, 30].map(convert[unit]), gridcolor: grid },
      },
    };

    return [figure, room.length ? format(room[room.length - 1], unit) : ''];
  }

  window.dash_clientside = Object.assign(window.dash_clientside ?? {}, {
    'thermostat-clientside': { draw, say: format },
  });
})();
