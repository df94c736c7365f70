-- name: BatchesNamed :many
-- Of some batches those that are printed, with their runs.
SELECT b.run_id, r.number AS run, b.number, b.name FROM mail_run r JOIN batch b ON b.run_id = r.id
WHERE r.incident_id = @incident_id AND b.name = ANY(@names::text[]) ORDER BY r.number, b.number;

-- name: RecallPieces :many
-- Takes printed letters back: those of some batches and some by number, unless they were
-- taken back before. A letter that something else took the place of since was mailed when
-- its batch was. Returns the letters, a row for each practice that they write for.
UPDATE piece SET recalled = @number, recalled_mailed_on = w.mailed_on
FROM (
    SELECT m.run_id, m.piece_no, m.practice_id, CASE WHEN m.superseded THEN b.mailed_on ELSE coalesce(f.mailed_on, b.mailed_on) END AS mailed_on
    FROM mail_run r JOIN batch b ON b.run_id = r.id
    JOIN piece m ON m.run_id = r.id AND m.piece_no BETWEEN (b.number - 1) * r.batch_size + 1 AND b.number * r.batch_size
    LEFT JOIN finding f ON f.practice_id = m.practice_id AND f.person_key = m.person_key
    WHERE r.incident_id = @incident_id AND m.held = '' AND m.recalled = 0
        AND (b.name = ANY(@batches::text[]) OR (r.number, m.piece_no) IN (SELECT unnest(@runs::integer[]), unnest(@piece_nos::integer[])))
) w
WHERE piece.run_id = w.run_id AND piece.piece_no = w.piece_no AND piece.practice_id = w.practice_id
RETURNING piece.run_id, piece.piece_no, piece.practice_id, piece.lead, piece.recalled_mailed_on;

-- name: MoveRecalled :exec
-- The findings of the letters of a recall: another letter is owed, at once or, where the
-- address is wrong, when a list has another one. Who was told by the recalled letter, or by
-- one before it, stays told on that day.
UPDATE finding f SET letter = '',
    state = @to_state,
    state_why = CASE WHEN @held_why::text <> '' THEN @held_why::text
        WHEN f.state_why = @told_before::text OR (@told::boolean AND f.mailed_on IS NOT NULL) THEN @told_before::text ELSE '' END,
    mailed_on = CASE WHEN @held_why::text = '' AND (f.state_why = @told_before::text OR @told::boolean) THEN f.mailed_on END
FROM piece m JOIN mail_run r ON r.id = m.run_id
WHERE r.incident_id = @incident_id AND m.recalled = @number AND NOT m.superseded
    AND f.practice_id = m.practice_id AND f.person_key = m.person_key AND f.state = ANY(@from_states::text[]);

-- name: SupersedeRecalled :exec
-- Those of a recall whose people wait for another letter.
UPDATE piece m SET superseded = true FROM mail_run r, finding f
WHERE r.id = m.run_id AND r.incident_id = @incident_id AND m.recalled = @number AND NOT m.superseded
    AND f.practice_id = m.practice_id AND f.person_key = m.person_key AND f.state = @waiting::text;

-- name: WithdrawBatches :exec
-- Those of which every letter was recalled before one was mailed.
UPDATE batch SET withdrawn = true FROM mail_run r
WHERE r.id = batch.run_id AND r.incident_id = @incident_id AND NOT batch.withdrawn AND batch.mailed_on IS NULL
    AND EXISTS (SELECT FROM piece m WHERE m.run_id = r.id AND m.recalled = @number
        AND m.piece_no BETWEEN (batch.number - 1) * r.batch_size + 1 AND batch.number * r.batch_size)
    AND NOT EXISTS (SELECT FROM piece m WHERE m.run_id = r.id AND m.piece_no BETWEEN (batch.number - 1) * r.batch_size + 1 AND batch.number * r.batch_size
        AND m.held = '' AND (m.recalled = 0 OR m.recalled_mailed_on IS NOT NULL));

-- name: RecallWasMailed :many
-- The letters of a recall of which no mailing was recorded, and which were mailed after all:
-- a row for each practice that they write for.
UPDATE piece SET recalled_mailed_on = @mailed_on::date FROM mail_run r
WHERE r.id = piece.run_id AND r.incident_id = @incident_id AND piece.recalled = @number AND piece.recalled_mailed_on IS NULL
RETURNING piece.practice_id, piece.lead;

-- name: BatchesWereMailed :exec
-- Batches that were withdrawn with letters of a recall were mailed.
UPDATE batch SET withdrawn = false, mailed_on = @mailed_on::date FROM mail_run r
WHERE r.id = batch.run_id AND r.incident_id = @incident_id AND batch.withdrawn
    AND EXISTS (SELECT FROM piece m WHERE m.run_id = r.id AND m.recalled = @number
        AND m.piece_no BETWEEN (batch.number - 1) * r.batch_size + 1 AND batch.number * r.batch_size);

-- name: ToldByRecalled :exec
-- Who waits for the letter after one that was mailed after all, and was told by it.
UPDATE finding f SET state_why = @told_before::text, mailed_on = m.recalled_mailed_on FROM piece m JOIN mail_run r ON r.id = m.run_id
WHERE r.incident_id = @incident_id AND m.recalled = @number AND f.practice_id = m.practice_id AND f.person_key = m.person_key
    AND f.state = ANY(@states::text[]) AND f.state_why = '';

-- name: RecalledByPractice :many
-- What a recall took back of each practice, in key order.
SELECT p.id, p.practice_key, count(*) FILTER (WHERE m.recalled_mailed_on IS NULL) AS withdrawn, count(*) FILTER (WHERE m.recalled_mailed_on IS NOT NULL) AS mailed
FROM mail_run r JOIN piece m ON m.run_id = r.id JOIN practice p ON p.id = m.practice_id
WHERE r.incident_id = @incident_id AND m.recalled = @number GROUP BY p.id ORDER BY p.practice_key;

-- name: SaveRecalled :exec
-- What is sent in a practice's name says something else from now on, and is to be approved
-- anew. A practice that was closed is open again.
UPDATE practice SET list_number = @list_number, changes = changes + 1, papers_sha256 = '', corrections = corrections || @correction::jsonb,
    phase = CASE WHEN phase = 'closed' THEN 'starting' ELSE phase END, closed_on = NULL, closed_why = ''
WHERE id = ANY(@ids::integer[]);

-- name: RecalledLetters :many
-- The letters of a recall with whom they were for, and where that person stands now; gone
-- is somebody who is on no list any more.
SELECT r.number AS run, m.piece_no, b.name AS batch, p.practice_key, m.person_key, m.recalled_mailed_on AS mailed_on,
    coalesce(f.state, '')::text AS state, m.superseded,
    EXISTS (SELECT FROM returned_letter x WHERE x.run_id = m.run_id AND x.piece_no = m.piece_no) AS came_back
FROM mail_run r JOIN piece m ON m.run_id = r.id JOIN practice p ON p.id = m.practice_id
JOIN batch b ON b.run_id = r.id AND b.number = (m.piece_no - 1) / r.batch_size + 1
LEFT JOIN finding f ON f.practice_id = m.practice_id AND f.person_key = m.person_key
WHERE r.incident_id = @incident_id AND m.recalled = @number
    AND (r.number, m.piece_no, p.practice_key) > (@after_run::integer, @after_piece::integer, @after_practice::text)
ORDER BY r.number, m.piece_no, p.practice_key LIMIT @page;

-- name: LetGoHeld :many
-- Letters that printing held back for some reasons wait again: the findings, by practice.
WITH moved AS (
    UPDATE finding f SET state = @to_state, state_why = '' FROM practice p
    WHERE p.id = f.practice_id AND p.incident_id = @incident_id AND f.state = ANY(@from_states::text[]) AND f.state_why = ANY(@whys::text[])
        -- Few practices have any: without their account everybody of the incident is read.
        AND p.id IN (SELECT a.practice_id FROM account a WHERE a.incident_id = @incident_id AND a.state = ANY(@from_states::text[]) AND a.why = ANY(@whys::text[]) AND a.people > 0)
    RETURNING f.practice_id, f.person_key
), past AS (
    UPDATE piece m SET superseded = true FROM moved x
    WHERE m.practice_id = x.practice_id AND m.person_key = x.person_key AND NOT m.superseded
)
SELECT p.id, p.practice_key, count(*) AS letters FROM moved JOIN practice p ON p.id = moved.practice_id GROUP BY p.id ORDER BY p.practice_key;

-- name: SaveReprint :exec
-- Papers and approvals stay: what they say is as it was.
UPDATE practice SET list_number = @list_number, changes = changes + 1,
    phase = CASE WHEN phase = 'closed' THEN 'starting' ELSE phase END, closed_on = NULL, closed_why = ''
WHERE id = ANY(@ids::integer[]);

-- name: UnprintedBatches :many
-- Planned batches that are neither printed nor taken back: of one run, or with 0 of all.
SELECT r.id AS run_id, r.number AS run, n.number::integer AS number,
    ((n.number - 1) * r.batch_size + 1)::integer AS first_piece, (n.number * r.batch_size)::integer AS last_piece
FROM mail_run r CROSS JOIN LATERAL generate_series(1, r.batches) AS n (number)
WHERE r.incident_id = @incident_id AND (@run_id::integer = 0 OR r.id = @run_id::integer) AND n.number <> ALL(r.withdrawn)
    AND NOT EXISTS (SELECT FROM batch b WHERE b.run_id = r.id AND b.number = n.number)
ORDER BY r.number, n.number;

-- name: PracticesOfPieces :many
SELECT DISTINCT practice_id FROM piece WHERE run_id = @run_id AND piece_no BETWEEN @first_piece::integer AND @last_piece::integer ORDER BY practice_id;

-- name: DropPieces :one
-- Letters that were planned and are not printed.
WITH dropped AS (DELETE FROM piece WHERE run_id = @run_id AND piece_no BETWEEN @first_piece::integer AND @last_piece::integer RETURNING lead)
SELECT count(*) FILTER (WHERE lead) FROM dropped;

-- name: WithdrawOfRun :exec
UPDATE mail_run SET withdrawn = withdrawn || @number::integer WHERE id = @id;
