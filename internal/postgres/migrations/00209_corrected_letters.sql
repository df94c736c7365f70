-- +goose Up
-- Earlier programs: may run beside these tables.

-- Letters can be recalled, and be printed again that printing held back. Both are numbered
-- among the lists, by which practices are opened again and told.
ALTER TABLE findings_list DROP CONSTRAINT findings_list_kind_check;
ALTER TABLE findings_list ADD CONSTRAINT findings_list_kind_check CHECK (kind IN ('findings', 'returns', 'practices', 'incident', 'recall', 'reprint'));

ALTER TABLE piece
    -- By which recall of the incident it was taken back, 0 by none.
    ADD COLUMN recalled integer NOT NULL DEFAULT 0,
    -- When it had been mailed by then; NULL where no mailing was recorded, so that nobody got it.
    ADD COLUMN recalled_mailed_on date;
-- A letter that corrects an earlier one says so: the earlier ones of its finding are looked up.
CREATE INDEX piece_earlier ON piece (practice_id, person_key) WHERE superseded;

-- Every letter of it was recalled before one was mailed: nobody is to mail it.
ALTER TABLE batch ADD COLUMN withdrawn boolean NOT NULL DEFAULT false;

-- What the corrected letters of a practice say, by recall: part of what is approved.
ALTER TABLE practice ADD COLUMN corrections jsonb NOT NULL DEFAULT '[]';

-- The batches of a run that were taken back before they were printed, by number: nothing
-- was printed for them, and their people wait for another run.
ALTER TABLE mail_run ADD COLUMN withdrawn integer[] NOT NULL DEFAULT '{}';

-- +goose Down
ALTER TABLE mail_run DROP COLUMN withdrawn;
ALTER TABLE practice DROP COLUMN corrections;
ALTER TABLE batch DROP COLUMN withdrawn;
DROP INDEX piece_earlier;
ALTER TABLE piece DROP COLUMN recalled_mailed_on, DROP COLUMN recalled;
DELETE FROM findings_list WHERE kind IN ('recall', 'reprint');
ALTER TABLE findings_list DROP CONSTRAINT findings_list_kind_check;
ALTER TABLE findings_list ADD CONSTRAINT findings_list_kind_check CHECK (kind IN ('findings', 'returns', 'practices', 'incident'));
