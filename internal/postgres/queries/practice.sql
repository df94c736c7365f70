-- name: LockPractice :one
SELECT id, plan_sha256, decision_sha256, standing_of, phase, list_sha256, list_number, notifiable, reason, left_group, counted_as FROM practice WHERE incident_id = @incident_id AND practice_key = @practice_key FOR NO KEY UPDATE;

-- name: PracticeID :one
SELECT id FROM practice WHERE incident_id = @incident_id AND practice_key = @practice_key;

-- name: Practice :one
-- Everything a practice's decisions rest on, in one round trip: a large
-- incident asks this question some hundred thousand times.
SELECT p.id, p.facts, p.delegation, p.tally, p.list_number, p.list_sha256, p.changes, p.papers_sha256, p.packet_sha256, p.worksheet_sha256,
    p.phase, p.closed_on, p.left_group, p.group_untold, p.corrections,
    (SELECT count(*) FROM dispute d WHERE d.practice_id = p.id AND d.solved = '')::integer AS disputed,
    coalesce((SELECT jsonb_agg(jsonb_build_object('state', c.state, 'why', c.why, 'letter', c.letter, 'residence', c.residence,
            'people', c.people, 'mailed_on', c.mailed_on, 'told_on', c.told_on) ORDER BY c.state, c.why, c.letter, c.residence)
        FROM account c WHERE c.practice_id = p.id AND c.people > 0
    ), '[]')::jsonb AS account,
    coalesce(g.key, '')::text AS group_key, coalesce(g.members, '{}')::text[] AS group_members,
    coalesce(g.tally, '{}')::jsonb AS group_tally,
    -- Every record in order, whether made for the practice or for the whole incident.
    coalesce((SELECT jsonb_agg(a.terms -> 'Record' ORDER BY a.seq)
        FROM act a WHERE a.incident_id = p.incident_id AND a.practice_key IN ('', p.practice_key) AND a.kind = 'record'
    ), '[]')::jsonb AS recorded,
    coalesce((SELECT jsonb_object_agg(o.obligation_id, o.told) FROM obligation o
        WHERE o.practice_id = p.id AND o.told IS NOT NULL
    ), '{}')::jsonb AS told,
    coalesce((SELECT jsonb_agg(jsonb_build_object('Who', a.who, 'Identity', a.identity) || (a.terms -> 'Assess') ORDER BY a.seq)
        FROM act a WHERE a.incident_id = p.incident_id AND a.practice_key = p.practice_key AND a.kind = 'assess'
    ), '[]')::jsonb AS assessments,
    coalesce((SELECT jsonb_agg(jsonb_build_object('Who', v.who, 'Identity', coalesce(a.identity, ''), 'At', v.at) ORDER BY v.at, v.person)
        FROM approval v LEFT JOIN act a ON a.incident_id = p.incident_id AND a.id = v.act_id WHERE v.practice_id = p.id AND v.papers_sha256 = p.papers_sha256
    ), '[]')::jsonb AS approvals,
    coalesce(o.id, '')::text AS notice_id, coalesce(o.state, '')::text AS notice_state,
    coalesce(o.provider_id, '')::text AS notice_provider_id, coalesce(o.detail, '')::text AS notice_detail,
    o.sent_on AS notice_sent_on, coalesce(o.attempt, 0)::integer AS notice_attempt, coalesce(o.tries, 0)::integer AS notice_tries,
    o.retry_at AS notice_retry_at, coalesce(o.packet_sha256, '')::text AS notice_packet_sha256,
    coalesce((SELECT jsonb_object_agg(x.step, jsonb_build_object('ID', x.id, 'State', x.state, 'Attempt', x.attempt, 'ProviderID', x.provider_id,
            'Detail', x.detail, 'SentOn', x.sent_on, 'Tries', x.tries, 'RetryAt', x.retry_at, 'PacketSHA256', x.packet_sha256))
        FROM (SELECT DISTINCT ON (m.step) m.* FROM outbox m
            WHERE m.incident_id = p.incident_id AND m.practice_key = p.practice_key AND m.step <> 'practice_notice'
            ORDER BY m.step, m.attempt DESC) x
    ), '{}')::jsonb AS messages,
    -- Where a posting was looked for, and what was found.
    (SELECT jsonb_build_object('url', s.url, 'shown', s.shown, 'problem', s.problem, 'since', s.since, 'looked_on', s.looked_on, 'missed', s.missed)
        FROM posting_state s WHERE s.practice_id = p.id)::jsonb AS posting,
    pg.made_at AS page_made_at, pg.opened_at AS page_opened_at, pg.answered_at AS page_answered_at,
    -- One whose act is written waits for nothing that the record does not say already.
    EXISTS (SELECT FROM page_answer w WHERE w.practice_id = p.id AND w.state = 'received'
        AND NOT EXISTS (SELECT FROM act c WHERE c.incident_id = p.incident_id AND c.id = w.act_id)) AS page_answers_wait,
    EXISTS (SELECT FROM page_answer w WHERE w.practice_id = p.id AND w.state <> 'refused' AND w.kind IN ('delegate', 'told')) AS page_decided
FROM practice p
LEFT JOIN page_practice pg ON pg.practice_id = p.id
LEFT JOIN counting_group g ON g.incident_id = p.incident_id AND g.key = p.counted_as AND NOT p.left_group
LEFT JOIN LATERAL (SELECT x.* FROM outbox x
    WHERE x.incident_id = p.incident_id AND x.practice_key = p.practice_key AND x.step = 'practice_notice'
    ORDER BY x.attempt DESC LIMIT 1) o ON true
WHERE p.incident_id = @incident_id AND p.practice_key = @practice_key;

-- name: NoteChange :exec
-- Something changed on which the standing rests: until it is worked out again no
-- letter of the practice may be printed.
UPDATE practice SET changes = changes + 1 WHERE id = ANY(@ids::integer[]);

-- name: NoteChangeOfAll :exec
UPDATE practice SET changes = changes + 1 WHERE incident_id = @incident_id;

-- name: SetDelegation :exec
UPDATE practice SET delegation = @delegation WHERE id = @id;

-- name: ClosePractice :execrows
-- Not where anything changed since it was found to be done.
UPDATE practice SET phase = 'closed', closed_on = @closed_on, closed_why = @closed_why,
    needs_person = '', email_stopped = '', printable = false, late_at = NULL, next_due = NULL, plan_sha256 = ''
WHERE incident_id = @incident_id AND practice_key = @practice_key AND closed_on IS NULL AND changes = @changes;

-- name: IsClosed :one
SELECT (closed_on IS NOT NULL)::boolean FROM practice WHERE incident_id = @incident_id AND practice_key = @practice_key;

-- name: PeopleOfPractice :many
SELECT sqlc.embed(f) FROM finding f
WHERE f.practice_id = @practice_id AND f.person_key > @after
    -- Those an agreed e-mail reaches and no letter does.
    AND (NOT @email_only::boolean OR (f.protected AND f.agreed_email AND NOT f.email_bounced AND NOT f.deceased AND (NOT f.usable_address OR f.returned)))
ORDER BY f.person_key LIMIT @page;

-- name: SavePapers :execrows
UPDATE practice SET papers_sha256 = @papers_sha256, packet_sha256 = @packet_sha256, worksheet_sha256 = @worksheet_sha256, has_notice = @has_notice
WHERE id = @id AND (papers_sha256, packet_sha256, worksheet_sha256, has_notice)
    IS DISTINCT FROM (@papers_sha256::text, @packet_sha256::text, @worksheet_sha256::text, @has_notice::boolean);

-- name: SaveWorksheet :execrows
UPDATE practice SET worksheet_sha256 = @worksheet_sha256 WHERE id = @id AND worksheet_sha256 <> @worksheet_sha256;

-- name: SaveFiles :execrows
INSERT INTO practice_file (practice_id, path, sha256, bytes)
SELECT @practice_id::integer, unnest(@paths::text[]), unnest(@sha256s::text[]), unnest(@bytes::bigint[])
ON CONFLICT (practice_id, path) DO UPDATE SET sha256 = EXCLUDED.sha256, bytes = EXCLUDED.bytes
WHERE (practice_file.sha256, practice_file.bytes) IS DISTINCT FROM (EXCLUDED.sha256, EXCLUDED.bytes);

-- name: FilesMadeFrom :exec
-- No change of a paper, whatever is noted here.
UPDATE practice_file f SET made_from = n.made_from
FROM (SELECT unnest(@paths::text[]) AS path, unnest(@made_froms::text[]) AS made_from) n
WHERE f.practice_id = @practice_id AND f.path = n.path AND f.made_from <> n.made_from;

-- name: DropOtherFiles :execrows
DELETE FROM practice_file WHERE practice_id = @practice_id AND path <> ALL(@paths::text[]);

-- name: CountedWith :many
-- The other practices of its counting entity, those that left it included.
SELECT o.practice_key FROM practice p JOIN practice o ON o.incident_id = p.incident_id AND o.counted_as = p.counted_as AND o.id <> p.id
WHERE p.incident_id = @incident_id AND p.practice_key = @practice_key ORDER BY o.practice_key;

-- name: GroupTold :exec
UPDATE practice SET group_untold = false WHERE incident_id = @incident_id AND practice_key = @practice_key AND group_untold;

-- name: FileHash :one
SELECT sha256 FROM practice_file WHERE practice_id = @practice_id AND path = @path;

-- name: PracticesToCheck :many
-- What is kept of each practice and follows from its people, with whether its letters may be printed now.
SELECT id, practice_key, list_sha256, tally, people, findings, standing_of, standing_seal, (printable AND standing_of = changes)::boolean AS printable
FROM practice WHERE incident_id = @incident_id AND practice_key > @after AND (@one::text = '' OR practice_key = @one::text)
ORDER BY practice_key LIMIT @page;

-- name: AccountsThatDiffer :many
-- Practices whose account does not count their findings as they stand.
SELECT DISTINCT coalesce(f.practice_id, a.practice_id)::integer AS practice_id
FROM (SELECT practice_id, state, state_why AS why, letter, residence, count(*) AS people FROM finding
    WHERE practice_id = ANY(@practice_ids::integer[]) GROUP BY 1, 2, 3, 4, 5) f
FULL JOIN (SELECT practice_id, state, why, letter, residence, people FROM account
    WHERE practice_id = ANY(@practice_ids::integer[]) AND people > 0 AND state <> @left_list::text) a USING (practice_id, state, why, letter, residence)
WHERE f.people IS DISTINCT FROM a.people ORDER BY 1;

-- name: StatesWithoutLetters :many
-- Practices with somebody of whom a letter is said to be printed, and is in no mail run.
-- Who is held back because the practice disputes them needs none: they need the dispute.
SELECT DISTINCT f.practice_id FROM finding f
WHERE f.practice_id = ANY(@practice_ids::integer[]) AND f.state = ANY(@states::text[])
    AND NOT EXISTS (SELECT FROM piece m WHERE m.practice_id = f.practice_id AND m.person_key = f.person_key AND NOT m.superseded)
    AND NOT (f.state = @held::text AND f.state_why = @disputed::text
        AND EXISTS (SELECT FROM dispute d WHERE d.practice_id = f.practice_id AND d.person_key = f.person_key AND d.solved = ''))
ORDER BY 1;
