// Writes that wait at the same moment travel in one statement and share one commit; alone they go at once.

/**
 * Turns `run` (many items, one result each, all or nothing) into a function of one item. While `flights` runs are under way
 * new items wait and go together, at most `size`;
 * a second flight leaves once it is as full as the first. When a run of several fails, each is tried by itself, so that
 * one bad item harms nobody else. Items with the same `key` never share a run.
 */
export function batched<Item, Result>(
  run: (items: Item[]) => Promise<Result[]>,
  options: { size: number; flights: number; key(item: Item): string },
): (item: Item) => Promise<Result> {
  type Waiting = { item: Item; resolve(result: Result): void; reject(error: unknown): void };
  let waiting: Waiting[] = [];
  let flying = 0;
  let aboard = 0;
  let scheduled = false;

  async function fly(group: Waiting[]): Promise<void> {
    try {
      const results = await run(group.map((one) => one.item));
      group.forEach((one, index) => void one.resolve(results[index] as Result));
    } catch (error) {
      if (group.length === 1) group[0]?.reject(error);
      else for (const one of group) await run([one.item]).then(([result]) => one.resolve(result as Result), one.reject);
    }
  }

  function depart(): void {
    scheduled = false;
    // a further flight leaves when as many wait as are on their way: flights of equal size, instead of one full and many empty
    while (waiting.length > 0 && flying < options.flights && waiting.length >= aboard) {
      const keys = new Set<string>();
      const group: Waiting[] = [];
      waiting = waiting.filter((one) => {
        const key = options.key(one.item);
        if (group.length >= options.size || keys.has(key)) return true;
        keys.add(key);
        group.push(one);
        return false;
      });
      flying += 1;
      aboard += group.length;
      void fly(group).finally(() => {
        flying -= 1;
        aboard -= group.length;
        depart();
      });
    }
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (!scheduled) {
        scheduled = true;
        setImmediate(depart);
      }
    });
}
