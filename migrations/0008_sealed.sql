-- Sealed bytes look random: trying to compress them costs time at every write and never succeeds.
ALTER TABLE applications.applications ALTER answers SET STORAGE EXTERNAL;
ALTER TABLE applications.notes ALTER text SET STORAGE EXTERNAL;
ALTER TABLE online.drafts ALTER content SET STORAGE EXTERNAL;
