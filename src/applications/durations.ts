// How long services really take: the short way to durations/actions.ts.
export { type Durations, durationsOf, rollUp } from './durations/actions.ts';
