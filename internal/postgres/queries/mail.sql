-- name: MailRun :one
-- With how many letters the incident's earlier runs have: its own are numbered on.
SELECT r.id, r.mail_on, r.batches, r.pieces, r.batch_size, r.residents, r.withdrawn,
    (SELECT coalesce(sum(e.pieces), 0) FROM mail_run e WHERE e.incident_id = r.incident_id AND e.number < r.number)::integer AS earlier
FROM mail_run r WHERE r.incident_id = @incident_id AND r.number = @number;

-- name: HaltCounts :one
-- What the halt line is held against. What came back is counted once and for ever; who
-- was told otherwise since, or of whom it was decided, counts no more.
SELECT
    (SELECT coalesce(sum(b.pieces), 0) FROM mail_run r JOIN batch b ON b.run_id = r.id WHERE r.incident_id = @incident_id)::integer AS printed,
    (SELECT count(*) FROM mail_run r JOIN returned_letter x ON x.run_id = r.id WHERE r.incident_id = @incident_id)::integer AS returned,
    (SELECT coalesce(sum(a.people), 0) FROM practice p JOIN account a ON a.practice_id = p.id
        WHERE p.incident_id = @incident_id AND a.state = @held AND a.why = @misread)::integer AS failed_checks,
    (SELECT count(*) FROM practice p JOIN dispute d ON d.practice_id = p.id WHERE p.incident_id = @incident_id AND d.solved = '')::integer AS disputed;

-- name: NextMailRun :one
SELECT (coalesce(max(number), 0) + 1)::integer FROM mail_run WHERE incident_id = @incident_id;

-- name: InsertMailRun :one
INSERT INTO mail_run (incident_id, number, mail_on, batch_size, batches, pieces, after_act)
VALUES (@incident_id, @number, @mail_on, @batch_size, 0, 0,
    (SELECT coalesce(max(seq), 0) FROM act WHERE act.incident_id = @incident_id)) RETURNING id;

-- name: LearnSizes :exec
-- A mail run may come before autovacuum has looked at millions of new rows, and
-- a plan made for few of them would take hours.
SELECT learn_sizes();

-- name: LockPracticesToMail :many
-- Holds every practice whose letters may be printed as it stands, in key order, until
-- the run is written: whoever has its letters sent by somebody else waits, or was
-- before, and then it is not among them. A row that changed while it was waited for is
-- looked at again as it is by then.
SELECT p.id FROM practice p
WHERE p.incident_id = @incident_id AND p.printable AND p.standing_of = p.changes AND p.closed_on IS NULL
ORDER BY p.id FOR NO KEY UPDATE;

-- name: PracticesToMail :many
-- Of the practices that are held, those whose letters may be printed, and how many
-- findings of each wait. One that came to it since is not among them: nobody holds its
-- row, and whoever acts on it now would meet the run in its ledger.
SELECT p.id, p.practice_key, p.standing_of, p.standing_seal, sum(a.people)::integer AS waiting FROM practice p JOIN account a ON a.practice_id = p.id
WHERE p.id = ANY(@held::integer[]) AND p.printable AND p.standing_of = p.changes AND p.closed_on IS NULL AND a.state = @waiting AND a.people > 0
GROUP BY p.id ORDER BY p.id;

-- name: FindingsToMail :many
-- Of some practices, every finding that has no letter yet. By page, after the
-- last one of the page before. The range of ids has the index read from there to
-- the last practice and no further.
SELECT sqlc.embed(f) FROM finding f
WHERE (f.practice_id, f.person_key) > (@after_practice::integer, @after_person::text) AND f.practice_id <= @last_practice::integer
    AND f.practice_id = ANY(@practice_ids::integer[])
    AND f.state = @waiting
ORDER BY f.practice_id, f.person_key LIMIT @page;

-- name: InsertPieces :exec
-- Not a COPY, which PostgreSQL refuses into a table with row-level security.
INSERT INTO piece (run_id, piece_no, practice_id, lead, person_key)
SELECT @run_id, unnest(@piece_nos::integer[]), unnest(@practice_ids::integer[]), unnest(@leads::boolean[]), unnest(@person_keys::text[]);

-- name: NoteRunPractices :exec
INSERT INTO mail_run_practice (run_id, practice_id, findings)
SELECT x.run_id, x.practice_id, count(*) FROM piece x WHERE x.run_id = @run_id GROUP BY x.run_id, x.practice_id;

-- name: MoveRun :execrows
-- Findings of some pieces of a run from the states that a move takes them from. Who was
-- told by an earlier letter stays so.
UPDATE finding f SET state = @to_state, state_why = CASE WHEN f.state_why = @told_before::text THEN f.state_why ELSE '' END
FROM piece m WHERE m.run_id = @run_id AND m.piece_no BETWEEN @first_piece::integer AND @last_piece::integer AND NOT m.superseded
    AND f.practice_id = m.practice_id AND f.person_key = m.person_key AND f.state = ANY(@from_states::text[]);

-- name: SizeMailRun :exec
UPDATE mail_run SET pieces = @pieces, batches = @batches, residents = @residents WHERE id = @id;

-- name: CountResidents :many
-- People of an incident who live in some States, each once.
SELECT f.residence, count(DISTINCT f.person_key)::integer AS people
FROM practice p JOIN finding f ON f.practice_id = p.id
WHERE p.incident_id = @incident_id AND f.protected AND f.residence = ANY(@states::text[])
GROUP BY f.residence;

-- name: WithdrawnBatches :one
-- Those that were taken back before they were printed.
SELECT withdrawn FROM mail_run WHERE incident_id = @incident_id AND number = @number;

-- name: FinishedBatches :many
SELECT b.number FROM batch b JOIN mail_run r ON r.id = b.run_id
WHERE r.incident_id = @incident_id AND r.number = @number;

-- name: PracticesOfBatch :many
SELECT id, facts, delegation, corrections FROM practice
WHERE id IN (SELECT practice_id FROM piece WHERE run_id = @run_id AND piece_no BETWEEN @first_piece::integer AND @last_piece::integer);

-- name: LettersOfBatch :many
-- With which recall the letter follows from: that of the last one before it that the
-- person may have got.
SELECT m.piece_no, sqlc.embed(f), coalesce(e.recalled, 0)::integer AS corrects, e.recalled_mailed_on AS corrects_of
FROM piece m JOIN finding f ON f.practice_id = m.practice_id AND f.person_key = m.person_key
LEFT JOIN LATERAL (SELECT x.recalled, x.recalled_mailed_on FROM piece x JOIN mail_run y ON y.id = x.run_id
    JOIN batch b ON b.run_id = x.run_id AND b.number = (x.piece_no - 1) / y.batch_size + 1
    WHERE x.practice_id = m.practice_id AND x.person_key = m.person_key AND x.superseded AND x.held = ''
        AND (x.recalled_mailed_on IS NOT NULL OR x.recalled = 0 AND b.mailed_on IS NOT NULL)
    ORDER BY x.run_id DESC, x.piece_no DESC LIMIT 1) e ON true
WHERE m.run_id = @run_id AND m.piece_no BETWEEN @first_piece::integer AND @last_piece::integer
ORDER BY m.piece_no, m.practice_id;

-- name: Batch :one
SELECT * FROM batch WHERE run_id = @run_id AND number = @number;

-- name: InsertBatch :exec
INSERT INTO batch (run_id, number, name, pieces, pages, pdf_sha256, csv_sha256, pdf_bytes, csv_bytes, seconds, unprintable, saved_at, languages)
VALUES (@run_id, @number, @name, @pieces, @pages, @pdf_sha256, @csv_sha256, @pdf_bytes, @csv_bytes, @seconds, @unprintable,
    coalesce(sqlc.narg(printed_at)::timestamptz, clock_timestamp()), @languages);

-- name: HoldPieces :exec
-- With the reason of each.
UPDATE piece SET held = h.why
FROM (SELECT unnest(@piece_nos::integer[]) AS piece_no, unnest(@whys::text[]) AS why) h
WHERE piece.run_id = @run_id AND piece.piece_no = h.piece_no;

-- name: FinishPieces :exec
-- The findings of a batch's letters: printed, or held back for the piece's reason.
UPDATE finding f SET
    state = CASE WHEN m.held = '' THEN @printed::text ELSE @held_back::text END,
    state_why = CASE WHEN m.held = '' AND f.state_why = @told_before::text THEN f.state_why ELSE m.held END,
    letter = CASE WHEN m.held <> '' THEN '' WHEN m.lead THEN 'own' ELSE 'joined' END
FROM piece m WHERE m.run_id = @run_id AND m.piece_no BETWEEN @first_piece::integer AND @last_piece::integer AND NOT m.superseded
    AND f.practice_id = m.practice_id AND f.person_key = m.person_key AND f.state = ANY(@from_states::text[]);

-- name: BatchesToMail :many
-- Finished batches with a letter of which no mailing is recorded: of one practice,
-- or with an empty key of all; of one batch, or with an empty name of all.
SELECT r.id AS run_id, r.number AS run, b.number, b.name, ((b.number - 1) * r.batch_size + 1)::integer AS first_piece, (b.number * r.batch_size)::integer AS last_piece
FROM batch b JOIN mail_run r ON r.id = b.run_id
WHERE r.incident_id = @incident_id AND (@name::text = '' OR b.name = @name::text) AND EXISTS (
    SELECT FROM piece m JOIN finding f ON f.practice_id = m.practice_id AND f.person_key = m.person_key
    WHERE m.run_id = r.id AND m.piece_no BETWEEN (b.number - 1) * r.batch_size + 1 AND b.number * r.batch_size AND NOT m.superseded
        AND f.state = ANY(@from_states::text[]) AND (@practice_id::integer = 0 OR m.practice_id = @practice_id::integer))
ORDER BY r.number, b.number;

-- name: MailPieces :exec
-- The letters of a batch were mailed: all of them, or only those that write for
-- one practice, and then for the others that are joined in them too. Whom an earlier
-- letter told was told on its day.
UPDATE finding f SET state = @to_state, mailed_on = CASE WHEN f.state_why = @told_before::text AND f.mailed_on IS NOT NULL THEN f.mailed_on ELSE @mailed_on::date END
FROM piece m WHERE m.run_id = @run_id AND m.piece_no BETWEEN @first_piece::integer AND @last_piece::integer AND NOT m.superseded
    AND (@practice_id::integer = 0 OR m.piece_no IN (SELECT o.piece_no FROM piece o
        WHERE o.run_id = @run_id AND o.practice_id = @practice_id::integer AND NOT o.superseded))
    AND f.practice_id = m.practice_id AND f.person_key = m.person_key AND f.state = ANY(@from_states::text[]);

-- name: TellFindings :exec
-- Those of one practice, or with 0 of all of the incident's, who stand in some
-- states for one reason, or with '*' for any but those left out, were told otherwise.
UPDATE finding f SET state = @to_state, state_why = @why, told_on = @told_on::date
FROM practice p WHERE p.id = f.practice_id AND p.incident_id = @incident_id AND (@practice_id::integer = 0 OR p.id = @practice_id::integer)
    AND f.state = ANY(@from_states::text[]) AND f.state_why <> ALL(@but_whys::text[]) AND @only_why::text IN ('*', f.state_why);

-- name: InAccount :one
-- How many of a practice stand in some states for one reason, or with '*' for any.
SELECT coalesce(sum(people), 0)::integer FROM account
WHERE practice_id = @practice_id AND state = ANY(@states::text[]) AND @only_why::text IN ('*', why);

-- name: TellPerson :execrows
UPDATE finding SET state = @to_state, state_why = @why, told_on = @told_on::date
WHERE practice_id = @practice_id AND person_key = @person_key AND state = ANY(@from_states::text[]);

-- name: MovePractice :exec
UPDATE finding SET state = @to_state, state_why = '' WHERE practice_id = @practice_id AND state = ANY(@from_states::text[]);

-- name: SharesLetters :many
-- The other practices for which letters of this one also write.
SELECT DISTINCT p.practice_key FROM piece m JOIN piece o ON o.run_id = m.run_id AND o.piece_no = m.piece_no AND o.practice_id <> m.practice_id
JOIN practice p ON p.id = o.practice_id
WHERE m.practice_id = @practice_id AND NOT m.superseded AND NOT o.superseded ORDER BY p.practice_key;

-- name: MailRunPractices :many
SELECT p.practice_key FROM mail_run r
JOIN mail_run_practice m ON m.run_id = r.id JOIN practice p ON p.id = m.practice_id
WHERE r.incident_id = @incident_id AND r.number = @number AND p.practice_key > @after
ORDER BY p.practice_key LIMIT @page;

-- name: BatchByName :one
SELECT b.pdf_sha256, b.csv_sha256, b.withdrawn FROM batch b JOIN mail_run r ON r.id = b.run_id
WHERE r.incident_id = @incident_id AND b.name = @name;

-- name: Batches :many
-- Every batch that was planned and not taken back before it was printed, with when it was
-- printed and mailed, and whether it was withdrawn in between.
SELECT r.number AS run, n.number::integer AS number, b.saved_at AS printed_at, b.mailed_on, coalesce(b.withdrawn, false) AS withdrawn
FROM mail_run r CROSS JOIN LATERAL generate_series(1, r.batches) AS n (number)
LEFT JOIN batch b ON b.run_id = r.id AND b.number = n.number
WHERE r.incident_id = @incident_id AND n.number <> ALL(r.withdrawn) ORDER BY r.number, n.number;

-- name: BatchesOfPractice :many
-- The batches with letters of one practice.
SELECT r.number AS run, x.number::integer AS number, b.saved_at AS printed_at, b.mailed_on, coalesce(b.withdrawn, false) AS withdrawn
FROM practice p JOIN mail_run_practice m ON m.practice_id = p.id JOIN mail_run r ON r.id = m.run_id
CROSS JOIN LATERAL (
    SELECT DISTINCT (y.piece_no - 1) / r.batch_size + 1 AS number FROM piece y WHERE y.run_id = r.id AND y.practice_id = p.id
) x
LEFT JOIN batch b ON b.run_id = r.id AND b.number = x.number
WHERE p.incident_id = @incident_id AND p.practice_key = @practice_key ORDER BY r.number, x.number;

-- name: MarkMailed :execrows
-- A later record of a batch corrects its day.
UPDATE batch SET mailed_on = @mailed_on FROM mail_run r
WHERE r.id = batch.run_id AND r.incident_id = @incident_id AND batch.name = ANY(@names::text[]);

-- name: MarkMailedWhole :exec
-- Of some batches those of which every letter is mailed by now.
UPDATE batch SET mailed_on = @mailed_on FROM mail_run r
WHERE r.id = batch.run_id AND r.incident_id = @incident_id AND batch.name = ANY(@names::text[]) AND batch.mailed_on IS NULL
    AND NOT EXISTS (SELECT FROM piece m JOIN finding f ON f.practice_id = m.practice_id AND f.person_key = m.person_key
        WHERE m.run_id = r.id AND m.piece_no BETWEEN (batch.number - 1) * r.batch_size + 1 AND batch.number * r.batch_size
            AND NOT m.superseded AND f.state = @printed);

-- name: RedatePieces :many
-- Letters of batches that are recorded as mailed on another day by now: those that told
-- people, which the letters that correct others are not. Returns their practices.
UPDATE finding f SET mailed_on = @mailed_on::date
FROM batch b JOIN mail_run r ON r.id = b.run_id
JOIN piece m ON m.run_id = r.id AND m.piece_no BETWEEN (b.number - 1) * r.batch_size + 1 AND b.number * r.batch_size
WHERE r.incident_id = @incident_id AND b.name = ANY(@names::text[])
    AND f.practice_id = m.practice_id AND f.person_key = m.person_key AND f.mailed_on <> @mailed_on::date
    AND ((NOT m.superseded AND f.state = @mailed AND f.state_why <> @told_before::text) OR (m.recalled > 0 AND f.state_why = @told_before::text))
RETURNING f.practice_id;

-- name: OwedByPractice :one
SELECT coalesce(sum(people), 0)::integer FROM account WHERE practice_id = @practice_id AND state = ANY(@states::text[]);

-- name: PiecesOfBatch :many
-- For whom the letters of a batch write, in print order, whoever sends each first.
SELECT m.piece_no, p.practice_key, m.person_key FROM piece m JOIN practice p ON p.id = m.practice_id
WHERE m.run_id = @run_id AND m.piece_no BETWEEN @first_piece::integer AND @last_piece::integer AND NOT m.superseded
ORDER BY m.piece_no, m.lead DESC, m.practice_id;

-- name: LockPracticesByKey :many
-- Held as PlanMailRun holds those whose letters it plans.
SELECT p.id, p.practice_key FROM practice p
WHERE p.incident_id = @incident_id AND p.practice_key = ANY(@practice_keys::text[]) ORDER BY p.id FOR NO KEY UPDATE;

-- name: InLetters :one
-- How many of some findings stand in a letter already.
SELECT count(*) FROM (SELECT unnest(@practice_ids::integer[]) AS practice_id, unnest(@person_keys::text[]) AS person_key) w
JOIN piece m ON m.practice_id = w.practice_id AND m.person_key = w.person_key AND NOT m.superseded;

-- name: PiecesNotIn :one
-- How many findings of some pieces are not there, or in another state.
SELECT count(*) FROM piece m LEFT JOIN finding f ON f.practice_id = m.practice_id AND f.person_key = m.person_key
WHERE m.run_id = @run_id AND m.piece_no BETWEEN @first_piece::integer AND @last_piece::integer AND NOT m.superseded
    AND (f.state IS NULL OR f.state <> @state);

-- name: KnownBatches :many
-- The batches of letters, to patients and to practices, that are printed as far as is known.
SELECT b.name FROM batch b JOIN mail_run r ON r.id = b.run_id WHERE r.incident_id = @incident_id
UNION ALL SELECT 'notices-' || lpad(b.number::text, greatest(3, length(b.number::text)), '0') FROM post_batch b WHERE b.incident_id = @incident_id AND b.printed_at IS NOT NULL;

-- name: LettersForCallers :many
-- The findings that printed letters of an incident were for, in the order of the letters,
-- those too in whose place another letter is.
SELECT r.number AS run, r.mail_on, m.piece_no, p.practice_key, sqlc.embed(f)
FROM mail_run r JOIN piece m ON m.run_id = r.id JOIN batch b ON b.run_id = r.id AND b.number = (m.piece_no - 1) / r.batch_size + 1
JOIN practice p ON p.id = m.practice_id JOIN finding f ON f.practice_id = m.practice_id AND f.person_key = m.person_key
WHERE r.incident_id = @incident_id AND m.held = '' AND (r.number, m.piece_no, m.practice_id) > (@after_run::integer, @after_piece::integer, @after_practice::integer)
ORDER BY r.number, m.piece_no, m.practice_id LIMIT @page;

-- name: LettersOfNobody :many
-- The printed letters of which nobody is on a list any more.
SELECT DISTINCT r.number AS run, m.piece_no
FROM mail_run r JOIN piece m ON m.run_id = r.id JOIN batch b ON b.run_id = r.id AND b.number = (m.piece_no - 1) / r.batch_size + 1
WHERE r.incident_id = @incident_id AND m.held = '' AND NOT EXISTS (
    SELECT FROM piece o JOIN finding f ON f.practice_id = o.practice_id AND f.person_key = o.person_key
    WHERE o.run_id = m.run_id AND o.piece_no = m.piece_no)
ORDER BY r.number, m.piece_no;
