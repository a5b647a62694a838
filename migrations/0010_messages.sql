-- Messages to people: what is to be sent, by which channel, and what became of it.
CREATE SCHEMA messages;
GRANT USAGE ON SCHEMA messages TO pendopo_app;

-- One row a message. The caller makes the id from what caused the message, so that telling twice is telling once.
CREATE TABLE messages.messages (
  id         uuid PRIMARY KEY,
  template   text NOT NULL CHECK (template ~ '^[a-z-]{3,60}$'),
  account    uuid,                     -- the resident's account: whose inbox and wishes; no reference, identity stands below
  about      uuid,                     -- the application whose pages show how the message fares
  urgent     boolean NOT NULL,         -- asked for just now: goes out in the night too, and before all others
  only_by    text CHECK (only_by IN ('whatsapp', 'sms', 'email')),  -- the channel the caller insists on
  key        bytea,                    -- wrapped data key of address and content; NULL = destroyed
  address    bytea NOT NULL,           -- sealed: phone and e-mail
  content    bytea NOT NULL,           -- sealed: the values that the template is filled with
  state      text NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'delivered', 'failed', 'dropped')),
  next_at    timestamptz NOT NULL,     -- queued: when it may go out; sending: when the sender is believed dead
  round      integer NOT NULL DEFAULT 1 CHECK (round > 0), -- an officer's "kirim ulang" opens another one
  attempts   integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  channel    text CHECK (channel IN ('whatsapp', 'sms', 'email', 'inbox')), -- the last one tried
  provider   text,
  reason     text CHECK (reason ~ '^[a-z0-9-]{2,40}$'),  -- a code: why it waits, failed or was dropped
  masked     text,                     -- the address as people may see it: enough to know one's own, too little to call
  created_at timestamptz NOT NULL,
  round_at   timestamptz NOT NULL,     -- when this round began: how long it is worth trying
  sent_at    timestamptz,
  delivered_at timestamptz,
  read_at    timestamptz               -- when it was opened in the inbox of the pages
);
-- What is due, urgent ones first; a message that has come to its end costs this index nothing.
CREATE INDEX messages_due ON messages.messages (urgent, next_at) WHERE state IN ('queued', 'sending');
CREATE INDEX messages_account ON messages.messages (account, created_at DESC, id DESC) WHERE account IS NOT NULL;
CREATE INDEX messages_about ON messages.messages (about, created_at) WHERE about IS NOT NULL;
-- Contents are destroyed by age.
CREATE INDEX messages_kept ON messages.messages USING brin (created_at);
GRANT SELECT, INSERT, UPDATE ON messages.messages TO pendopo_app;

-- One row a try, written before anything leaves the house: after a crash it tells that something may have left.
CREATE TABLE messages.attempts (
  message    uuid NOT NULL REFERENCES messages.messages,
  number     integer NOT NULL CHECK (number > 0),
  round      integer NOT NULL CHECK (round > 0),
  channel    text NOT NULL CHECK (channel IN ('whatsapp', 'sms', 'email')),
  provider   text NOT NULL,
  key        uuid NOT NULL,            -- the same for every try of one message with one provider in one round
  started_at timestamptz NOT NULL,
  ended_at   timestamptz,
  -- accepted: the provider took it; refused: this address never; failed: not taken, may be tried again; unknown: nobody knows
  outcome    text CHECK (outcome IN ('accepted', 'refused', 'failed', 'unknown')),
  reason     text CHECK (reason ~ '^[a-z0-9-]{2,40}$'),
  reference  text CHECK (length(reference) BETWEEN 1 AND 200), -- the provider's own id
  delivered_at timestamptz,
  PRIMARY KEY (message, number),
  CHECK ((ended_at IS NULL) = (outcome IS NULL))
);
-- Delivery reports name the provider's id or our key.
CREATE INDEX attempts_reference ON messages.attempts (provider, reference) WHERE reference IS NOT NULL;
CREATE INDEX attempts_key ON messages.attempts (key);
-- UPDATE only writes the end of a try; nothing is ever taken away.
GRANT SELECT, INSERT, UPDATE ON messages.attempts TO pendopo_app;

-- How a resident with an account wants to be told. Without a row: the order and language of the house.
CREATE TABLE messages.preferences (
  account    uuid PRIMARY KEY,
  channels   text[] NOT NULL CHECK (channels <@ ARRAY['whatsapp', 'sms', 'email']),
  language   text NOT NULL CHECK (language IN ('id', 'jv', 'en')),
  off        text[] NOT NULL,          -- optional templates that the resident does not want
  changed_at timestamptz NOT NULL
);
GRANT SELECT, INSERT, UPDATE, DELETE ON messages.preferences TO pendopo_app;
