// Fills an installation: places, agencies and services from the folders of this repository; in demo mode also demo officers.
import { context, SYSTEM, type World } from '#platform/context.ts';
import { seedAreas } from './areas/actions.ts';
import { publish } from './catalogue/actions.ts';
import { readLibrary, SERVICES } from './catalogue/folder.ts';
import { resolveService } from './catalogue/library.ts';
import type { Service } from './catalogue/service.ts';
import { seedDemo } from './demo.ts';

/** Does what has not been done yet; safe to repeat. A service that does not pass its check stops the seeding with the reason. */
export async function seed(world: World): Promise<{ areas: number; services: number; published: string[] }> {
  const ctx = context(world, SYSTEM, 'system');
  const areas = await seedAreas(ctx);
  const { services, agencies } = readServices();
  const published = await publish(ctx, services, agencies);
  if (world.config.mode === 'demo') await seedDemo(ctx);
  return { areas, services: services.length, published };
}

function readServices() {
  const library = readLibrary(SERVICES);
  const services: Service[] = [];
  const problems: string[] = [];
  for (const entry of library.entries) {
    const resolved = resolveService(entry.raw, library.shared);
    for (const problem of [...entry.problems, ...resolved.problems])
      problems.push(`${entry.id} ${problem.path}: ${problem.message}`);
    if (resolved.service) services.push(resolved.service);
  }
  if (problems.length > 0)
    throw new Error(`services/ has problems; run "npx pendopo services check services":\n${problems.join('\n')}`);
  return { services, agencies: Object.values(library.shared.agencies) };
}
