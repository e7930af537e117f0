// Where the configuration is looked for when nothing else is said.
export const DEFAULT_CONFIG = 'lockstep.yaml';
