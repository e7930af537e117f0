// For `npm run mutate`: a property has a tenth of a second, and the first counterexample is enough. A mutant that only thousands of runs would
// find counts as survived.
import fc from 'fast-check';

fc.configureGlobal({ ...fc.readConfigureGlobal(), interruptAfterTimeLimit: 100, endOnFailure: true });
