// Builds the dashboard before the tests where it is not built yet: whoever serves it in a test finds it there.
import { readyDashboard } from '../src/cli/serve/ready-dashboard.ts';

export const setup = (): Promise<void> => readyDashboard((text) => console.info(text));
