SELECT k.business_id, k.entity, k.qbo_id, k.line_number, t.party_kind, t.party_id, t.currency, k.account_id, k.amount_cents,
    k.linked_id, l.linked_line_id, k.linked_entity, k.paid_cents, k.paid_on, t.created_at AS paid_created_at,
    d.txn_date AS linked_on, d.created_at AS linked_created_at, d.exchange_rate AS linked_rate
FROM application_lines k
JOIN {transactions} t ON t.business_id = k.business_id AND t.entity = k.entity AND t.qbo_id = k.qbo_id
JOIN {lines} l ON l.business_id = k.business_id AND l.entity = k.entity AND l.qbo_id = k.qbo_id AND l.line_number = k.line_number
LEFT JOIN {transactions} d ON d.business_id = k.business_id AND d.entity = k.linked_entity AND d.qbo_id = k.linked_id
WHERE k.linked_id IS NOT NULL
ORDER BY k.business_id, k.entity, k.qbo_id, k.line_number
