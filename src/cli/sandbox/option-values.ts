// Reads the values of command line options. Throws only what commander turns into a usage error.
import { InvalidArgumentError } from '@commander-js/extra-typings';

/** Whole numbers in a range, for options. */
export const wholeNumber =
  (min: number, max: number) =>
  (text: string): number => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isInteger(value) || value < min || value > max) {
      throw new InvalidArgumentError(`expected a whole number from ${min} to ${max}.`);
    }
    return value;
  };

/** `on` or `off`. */
export const onOrOff = (text: string): 'on' | 'off' => {
  if (text !== 'on' && text !== 'off') throw new InvalidArgumentError('expected on or off.');
  return text;
};
