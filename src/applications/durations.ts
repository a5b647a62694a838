// How long services really take, rolled up by service, month and door.
import type { Ctx } from '#platform/context.ts';

export async function rollUp(_ctx: Ctx): Promise<void> {}
