-- What was issued. The code on the paper is the key to verification; the PDF lies sealed in the file store.
CREATE SCHEMA documents;
GRANT USAGE ON SCHEMA documents TO pendopo_app;

CREATE TABLE documents.documents (
  id          uuid PRIMARY KEY,
  code        text NOT NULL UNIQUE,       -- >= 128 random bits
  application uuid NOT NULL,
  number      text NOT NULL,
  service     text NOT NULL,
  product     text NOT NULL,
  agency      text NOT NULL,
  holder      text NOT NULL,              -- initials only: "B*** C***"
  issued_at   timestamptz NOT NULL,
  file        uuid REFERENCES platform.files,
  sha256      bytea,
  revoked_at  timestamptz,
  revoked_reason text,
  UNIQUE (application, product)
);
GRANT SELECT, INSERT, UPDATE ON documents.documents TO pendopo_app;
