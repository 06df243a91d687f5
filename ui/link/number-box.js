// The number beside a slider is one that the slider takes, before the slider looks at it.
//
// What is typed out of its range or between its steps the slider tells nobody; when the box is left it
// draws the nearest value that it takes, and does not tell that either: a slider at its end, and a
// camera where it was. So the box is put right before that, and the slider hears of it as of typing. Of
// an empty box it hears nothing, which it would tell as no value at all; left so, the box shows again
// what it was.

export function keepNumbersValid(window) {
  const check = (event) => {
    const { target } = event;

    if (!target.matches('.dash-range-slider-input'))
      return;
    if (!target.value) {
      event.stopPropagation();
    } else if (event.type === 'change' && !target.validity.valid) {
      // A step from where it may not be leads to the nearest place where it may.
      if (target.validity.rangeUnderflow)
        target.stepUp();
      else
        target.stepDown();
      target.dispatchEvent(new Event('input', { bubbles: true }));
    }
  };

  window.addEventListener('input', check, true);
  window.addEventListener('change', check, true);
}
