-- name: MailRun :one
SELECT id, mail_on, batches, pieces, batch_size, residents FROM mail_run WHERE incident_id = @incident_id AND number = @number;

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

-- name: PracticesToMail :many
-- The practices whose letters can be printed, and how many each has to plan.
SELECT p.id, p.practice_key, p.to_plan FROM practice p
WHERE p.incident_id = @incident_id AND p.to_plan > 0 AND p.papers_sha256 <> '' AND p.closed_on IS NULL
    AND (p.delegation IN ('all', 'letters') OR @delegation_not_needed::boolean)
    AND (SELECT count(*) FROM approval a WHERE a.practice_id = p.id AND a.papers_sha256 = p.papers_sha256)
        >= @approvals_needed::integer
ORDER BY p.id;

-- name: FindingsToMail :many
-- Of some practices, every finding that has no letter yet. By page, after the
-- last one of the page before. The range of ids has the index read from there to
-- the last practice and no further.
SELECT f.practice_id, f.person_key, f.mail_key, f.sealed FROM finding f
WHERE (f.practice_id, f.person_key) > (@after_practice::integer, @after_person::text) AND f.practice_id <= @last_practice::integer
    AND f.practice_id = ANY(@practice_ids::integer[])
    AND f.protected AND f.usable_address AND NOT f.returned AND NOT EXISTS (
        SELECT 1 FROM piece x WHERE x.practice_id = f.practice_id AND x.person_key = f.person_key AND NOT x.superseded)
ORDER BY f.practice_id, f.person_key LIMIT @page;

-- name: InsertPieces :exec
-- Not a COPY, which PostgreSQL refuses into a table with row-level security.
INSERT INTO piece (run_id, piece_no, practice_id, lead, person_key)
SELECT @run_id, unnest(@piece_nos::integer[]), unnest(@practice_ids::integer[]), unnest(@leads::boolean[]), unnest(@person_keys::text[]);

-- name: NoteRunPractices :exec
INSERT INTO mail_run_practice (run_id, practice_id, findings)
SELECT x.run_id, x.practice_id, count(*) FROM piece x WHERE x.run_id = @run_id GROUP BY x.run_id, x.practice_id;

-- name: NotePlanned :exec
UPDATE practice SET planned = planned + m.findings
FROM mail_run_practice m WHERE m.run_id = @run_id AND practice.id = m.practice_id;

-- name: SizeMailRun :exec
UPDATE mail_run SET pieces = @pieces, batches = @batches, residents = @residents WHERE id = @id;

-- name: CountResidents :many
-- People of an incident who live in some States, each once.
SELECT f.residence, count(DISTINCT f.person_key)::integer AS people
FROM practice p JOIN finding f ON f.practice_id = p.id
WHERE p.incident_id = @incident_id AND f.protected AND f.residence = ANY(@states::text[])
GROUP BY f.residence;

-- name: FinishedBatches :many
SELECT b.number FROM batch b JOIN mail_run r ON r.id = b.run_id
WHERE r.incident_id = @incident_id AND r.number = @number;

-- name: PracticesOfBatch :many
SELECT id, facts, delegation FROM practice
WHERE id IN (SELECT practice_id FROM piece WHERE run_id = @run_id AND piece_no BETWEEN @first_piece::integer AND @last_piece::integer);

-- name: LettersOfBatch :many
SELECT m.piece_no, sqlc.embed(f)
FROM piece m JOIN finding f ON f.practice_id = m.practice_id AND f.person_key = m.person_key
WHERE m.run_id = @run_id AND m.piece_no BETWEEN @first_piece::integer AND @last_piece::integer
ORDER BY m.piece_no, m.practice_id;

-- name: Batch :one
SELECT * FROM batch WHERE run_id = @run_id AND number = @number;

-- name: InsertBatch :exec
INSERT INTO batch (run_id, number, name, pieces, pages, pdf_sha256, csv_sha256, pdf_bytes, csv_bytes, seconds, unprintable)
VALUES (@run_id, @number, @name, @pieces, @pages, @pdf_sha256, @csv_sha256, @pdf_bytes, @csv_bytes, @seconds, @unprintable);

-- name: HoldPieces :execrows
UPDATE piece SET held = 'unprintable' WHERE run_id = @run_id AND piece_no = ANY(@piece_nos::integer[]);

-- name: CountBatch :exec
UPDATE practice SET letters = practice.letters + m.letters, joined = practice.joined + m.joined, held = practice.held + m.held
FROM (
    SELECT practice_id, count(*) FILTER (WHERE lead AND held = '') AS letters,
        count(*) FILTER (WHERE NOT lead AND held = '') AS joined, count(*) FILTER (WHERE held <> '') AS held
    FROM piece WHERE run_id = @run_id AND piece_no BETWEEN @first_piece::integer AND @last_piece::integer
    GROUP BY practice_id
) m WHERE practice.id = m.practice_id;

-- name: MailRunPractices :many
SELECT p.practice_key FROM mail_run r
JOIN mail_run_practice m ON m.run_id = r.id JOIN practice p ON p.id = m.practice_id
WHERE r.incident_id = @incident_id AND r.number = @number AND p.practice_key > @after
ORDER BY p.practice_key LIMIT @page;

-- name: BatchByName :one
SELECT b.pdf_sha256, b.csv_sha256 FROM batch b JOIN mail_run r ON r.id = b.run_id
WHERE r.incident_id = @incident_id AND b.name = @name;

-- name: Batches :many
-- Every batch that was planned, with when it was printed and mailed.
SELECT r.number AS run, n.number::integer AS number, b.saved_at AS printed_at, b.mailed_on
FROM mail_run r CROSS JOIN LATERAL generate_series(1, r.batches) AS n (number)
LEFT JOIN batch b ON b.run_id = r.id AND b.number = n.number
WHERE r.incident_id = @incident_id ORDER BY r.number, n.number;

-- name: BatchesOfPractice :many
-- The batches with letters of one practice, and whether others have letters in them.
SELECT r.number AS run, x.number::integer AS number, b.saved_at AS printed_at, b.mailed_on,
    EXISTS (SELECT 1 FROM piece o WHERE o.run_id = r.id AND o.practice_id <> p.id
        AND o.piece_no BETWEEN (x.number - 1) * r.batch_size + 1 AND x.number * r.batch_size) AS shared
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
