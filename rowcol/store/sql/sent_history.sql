SELECT s.business_id, s.week, s.recipient, s.kind, s.state, s.happened_at, s.message_id, s.subject, s.figures_hash, s.as_of,
    s.known_at, s.reason
FROM sent_mail s
WHERE s.advisor_id = $advisor_id AND ($everyone OR s.business_id = $business_id) AND (s.state <> 'handing over' OR NOT EXISTS (
    SELECT 1 FROM sent_mail later
    WHERE later.advisor_id = s.advisor_id AND later.business_id = s.business_id AND later.week = s.week
        AND later.recipient = s.recipient AND later.kind = s.kind AND later.event_id > s.event_id
))
ORDER BY s.event_id DESC LIMIT $most
