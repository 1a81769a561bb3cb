SELECT l.business_id, l.linked_id AS qbo_id, b.doc_number, b.party_kind, b.party_id, b.party_name, l.paid_on, p.exchange_rate,
    l.amount_cents
FROM payment_lines l
JOIN {transactions} p ON p.business_id = l.business_id AND p.entity = l.entity AND p.qbo_id = l.qbo_id
LEFT JOIN {transactions} b ON b.business_id = l.business_id AND b.entity = 'Bill' AND b.qbo_id = l.linked_id
WHERE l.entity = 'BillPayment' AND l.linked_entity = 'Bill' AND l.paid_on >= $since
ORDER BY l.business_id, l.paid_on, l.qbo_id, l.line_number
