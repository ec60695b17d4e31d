/** Slots of the voices that tell the same: one of them is enough for a text. */
export const ONCE = [
  ['mood', 'moods', 'commamoods', 'othermood'],
  ['key', 'mode', 'major', 'minor', 'modal'],
  ['metre', 'triple', 'compound', 'common'],
  ['tempo', 'pace', 'hurry', 'slow', 'quick', 'racing'],
  ['bpm'],
  ['cast', 'bare', 'few', 'rest', 'behind', 'size', 'alone', 'other', 'another'],
  ['detail'],
  ['alead'],
  ['era', 'old'],
  ['room'],
  ['sound', 'sounds'],
  ['heard', 'allheard'],
  ['width'],
  ['absent', 'absents', 'novocals', 'nodrums'],
  ['form', 'middle'],
  ['drop', 'breakdown'],
]
