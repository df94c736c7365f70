-- name: InsertPage :exec
INSERT INTO page_practice (practice_id, link_sha256, salt, recipient, answers_to, secrets)
VALUES (@practice_id, @link_sha256, @salt, @recipient, @answers_to, @secrets) ON CONFLICT (practice_id) DO NOTHING;

-- name: PageSecrets :one
SELECT g.practice_id, g.salt, g.recipient, g.answers_to, g.secrets, g.packet_sha256 FROM page_practice g JOIN practice p ON p.id = g.practice_id
WHERE p.incident_id = @incident_id AND p.practice_key = @practice_key;

-- name: InsertCode :exec
INSERT INTO page_code (practice_id, proof_sha256, wrapped, way, who, until)
VALUES (@practice_id, @proof_sha256, @wrapped, @way, @who, @until);

-- name: CodesWaiting :many
-- Practices that have a good code of a way, which nobody used.
SELECT DISTINCT p.practice_key FROM page_code c JOIN practice p ON p.id = c.practice_id
WHERE p.incident_id = @incident_id AND c.way = @way AND c.used_at IS NULL AND c.voided_at IS NULL AND c.until > clock_timestamp()
ORDER BY p.practice_key;

-- name: EndOverCodes :exec
-- One that somebody holds has its turn the next time: nobody is waited for with many held.
UPDATE page_code SET wrapped = NULL WHERE id IN (
    SELECT c.id FROM page_code c WHERE c.wrapped IS NOT NULL AND c.until < clock_timestamp() FOR NO KEY UPDATE SKIP LOCKED);

-- name: EndOverSessions :exec
UPDATE page_session SET ended_at = least(until, seen_at + interval '30 minutes'), wrapped = '' WHERE proof_sha256 IN (
    SELECT s.proof_sha256 FROM page_session s
    WHERE s.ended_at IS NULL AND (s.until < clock_timestamp() OR s.seen_at < clock_timestamp() - interval '30 minutes') FOR NO KEY UPDATE SKIP LOCKED);

-- name: Pages :many
-- Who has a page, opened it and answered.
SELECT p.practice_key, g.made_at, g.opened_at, g.answered_at, g.wrong, g.packet_sha256,
    EXISTS (SELECT FROM page_code c WHERE c.practice_id = p.id AND c.used_at IS NULL AND c.voided_at IS NULL AND c.until > clock_timestamp()) AS code_waits,
    EXISTS (SELECT FROM page_code c WHERE c.practice_id = p.id AND c.voided_at IS NOT NULL
        AND NOT EXISTS (SELECT FROM page_code d WHERE d.practice_id = p.id AND d.id > c.id)) AS codes_ended
FROM page_practice g JOIN practice p ON p.id = g.practice_id WHERE p.incident_id = @incident_id ORDER BY p.practice_key;

-- name: AnswersWaiting :many
-- Of each practice the oldest answer that is not carried out: the next one waits for it.
SELECT w.id, w.incident_id, w.practice_key FROM (
    SELECT DISTINCT ON (a.practice_id) a.id, a.at, p.incident_id, p.practice_key FROM page_answer a JOIN practice p ON p.id = a.practice_id
    WHERE a.state = 'received' ORDER BY a.practice_id, a.at, a.id
) w ORDER BY w.at, w.id LIMIT @most;

-- name: NextAnswer :one
SELECT a.id FROM page_answer a JOIN practice p ON p.id = a.practice_id
WHERE p.incident_id = @incident_id AND p.practice_key = @practice_key AND a.state = 'received' ORDER BY a.at, a.id LIMIT 1;

-- name: AnswersOfIncident :many
SELECT a.id, p.practice_key, a.kind, a.at, a.act_id, a.state, a.detail, a.ended_at FROM page_answer a JOIN practice p ON p.id = a.practice_id
WHERE p.incident_id = @incident_id AND (@practice_key::text = '' OR p.practice_key = @practice_key::text) ORDER BY a.at;

-- name: Answer :one
SELECT a.id, a.practice_id, p.incident_id, p.practice_key, a.kind, a.content_sha256, a.sealed, a.attachment, a.at, a.act_id, a.state
FROM page_answer a JOIN practice p ON p.id = a.practice_id WHERE a.id = @id;

-- name: BindAnswer :execrows
UPDATE page_answer SET act_id = @act_id WHERE id = @id AND act_id IN ('', @act_id);

-- name: EndAnswer :execrows
-- What was done is not called refused. An answer that ends without its act, because it
-- was refused or was so already, names none and asks for none any more.
UPDATE page_answer a SET state = @state, detail = @detail, ended_at = clock_timestamp(), act_id = CASE WHEN d.written THEN a.act_id ELSE '' END
FROM (SELECT w.id, EXISTS (SELECT FROM act c JOIN practice p ON p.incident_id = c.incident_id WHERE p.id = w.practice_id AND c.id = w.act_id) AS written
    FROM page_answer w WHERE w.id = @id) d
WHERE a.id = d.id AND a.state = 'received' AND (@state <> 'refused' OR NOT d.written);

-- name: DropAttachment :exec
UPDATE page_answer SET attachment = NULL WHERE id = @id;

-- name: AnswerOfAct :many
-- The answer that asks for an act, by the act's ID.
SELECT a.content_sha256 FROM page_answer a JOIN practice p ON p.id = a.practice_id
WHERE p.incident_id = @incident_id AND p.practice_key = @practice_key AND a.act_id = @act_id AND a.act_id <> '' AND a.state <> 'refused';

-- name: TakeAnswerTurn :one
SELECT one FROM answer_turn FOR UPDATE SKIP LOCKED;

-- name: InsertSigned :one
-- With the act that the answer became; '' where it was so already. No row when it is there.
INSERT INTO page_signed (answer_id, practice_id, act_id, sha256, bytes)
SELECT a.id, a.practice_id, coalesce((SELECT c.id FROM act c WHERE c.incident_id = p.incident_id AND c.id = a.act_id), ''), @sha256, @bytes
FROM page_answer a JOIN practice p ON p.id = a.practice_id WHERE a.id = @id ON CONFLICT (answer_id) DO NOTHING RETURNING act_id;

-- name: SignedOfPractice :many
SELECT s.answer_id, s.act_id, s.sha256, s.bytes, a.at FROM page_signed s JOIN page_answer a ON a.id = s.answer_id JOIN practice p ON p.id = s.practice_id
WHERE p.incident_id = @incident_id AND p.practice_key = @practice_key ORDER BY a.at DESC, s.answer_id;

-- name: PageSessions :many
-- Sessions of an incident's practices, the newest first.
SELECT p.practice_key, s.way, s.started_at, s.seen_at, s.until, s.ended_at FROM page_session s JOIN practice p ON p.id = s.practice_id
WHERE p.incident_id = @incident_id AND (@practice_key::text = '' OR p.practice_key = @practice_key::text) ORDER BY s.started_at DESC;

-- name: EndPageSessions :execrows
UPDATE page_session s SET ended_at = clock_timestamp(), wrapped = '' FROM practice p
WHERE p.id = s.practice_id AND p.incident_id = @incident_id AND p.practice_key = @practice_key AND s.ended_at IS NULL;

-- name: PagesSeen :one
SELECT seen_at FROM page_server;

-- name: PagesServe :one
SELECT coalesce(seen_at > clock_timestamp() - make_interval(secs => @seconds), false)::boolean FROM page_server;
