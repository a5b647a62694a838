// Guards personal data: rights of those it is about, the end of keeping, the record of processing, breaches, consent.
import type { Module } from '#platform/modules.ts';
import { requestDesk } from './asked/pages/desk.ts';
import { mineRoutes } from './asked/pages/mine.ts';
import { breachPages } from './breach/pages/register.ts';
import { gather, keepSchedule, notify, settle } from './jobs.ts';
import { keepingPages } from './keeping/pages.ts';
import { publicRoutes } from './pages/public.ts';
import { recordPages } from './record/pages.ts';

export const privacy: Module = {
  name: 'privacy',
  uses: ['areas', 'catalogue', 'messages', 'identity', 'applications', 'documents'],
  routes(app) {
    publicRoutes(app);
    mineRoutes(app);
    requestDesk(app);
    keepingPages(app);
    recordPages(app);
    breachPages(app);
  },
  jobs: {
    'privacy.settle': settle,
    'privacy.keep-schedule': keepSchedule,
    'privacy.gather-subjects': gather,
    'privacy.notify-subjects': notify,
  },
  on: { 'breach.selected': ['privacy.gather-subjects'], 'breach.subjects-told': ['privacy.notify-subjects'] },
  cron: {
    'privacy.settle': '* * * * *',
    'privacy.keep-schedule': '7 19 * * *', // 02.07 in Blora
  },
};
