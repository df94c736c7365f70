-- +goose Up

-- Why a person was taken out of a practice, and the letter that was printed for
-- them by then, if one was: it cannot be taken back here, only out of the mail.
ALTER TABLE removed_finding
    ADD COLUMN why text NOT NULL,
    ADD COLUMN run_id integer,
    ADD COLUMN piece_no integer;

-- +goose Down
ALTER TABLE removed_finding DROP COLUMN piece_no, DROP COLUMN run_id, DROP COLUMN why;
