// Messages to people: WhatsApp, SMS, e-mail, and the inbox on the pages. Knows no application: who is told what stands in notices.
import type { Module } from '#platform/modules.ts';
import { api } from './api.ts';
import { send, tidy } from './jobs.ts';
import { messagePages } from './pages.ts';

export const messages: Module = {
  name: 'messages',
  uses: [],
  routes(app) {
    api(app);
    messagePages(app);
  },
  jobs: { 'messages.send': send, 'messages.due': send, 'messages.tidy': tidy },
  cron: {
    // what waits for its time: the morning, a provider that was down, a sender that died
    'messages.due': '* * * * *',
    'messages.tidy': '*/10 * * * *',
  },
};
