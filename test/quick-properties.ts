// For `npm run mutate`: a property has a quarter of a second, and the first counterexample is enough. A mutant that only thousands of runs would
// find counts as survived.
import fc from 'fast-check';

fc.configureGlobal({ ...fc.readConfigureGlobal(), interruptAfterTimeLimit: 250, endOnFailure: true });
