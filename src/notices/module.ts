// Reacts to what happens with cases and papers: who is told what. How it is carried is the business of messages.
import type { Module } from '#platform/modules.ts';
import {
  followArrivals,
  remind,
  tellCompleted,
  tellExpired,
  tellIssued,
  tellReceived,
  tellRefused,
  tellReturned,
} from './jobs.ts';
import { noticePages } from './pages.ts';

export const notices: Module = {
  name: 'notices',
  uses: ['applications', 'catalogue', 'documents', 'identity', 'messages'],
  routes: noticePages,
  jobs: {
    'notices.arrivals': followArrivals,
    'notices.received': tellReceived,
    'notices.returned': tellReturned,
    'notices.refused': tellRefused,
    'notices.expired': tellExpired,
    'notices.completed': tellCompleted,
    'notices.issued': tellIssued,
    'notices.remind': remind,
  },
  on: {
    'application.returned': ['notices.returned'],
    'application.refused': ['notices.refused'],
    'application.expired': ['notices.expired'],
    'application.completed': ['notices.completed'],
    'document.issued': ['notices.issued'],
    'document.signed': ['notices.issued'],
  },
  cron: { 'notices.arrivals': '* * * * *', 'notices.remind': '9 * * * *' },
};
