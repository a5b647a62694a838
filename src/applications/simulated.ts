// Whether this installation holds a simulated history: pages that show figures label them.
export { isSimulated } from './durations/actions.ts';
