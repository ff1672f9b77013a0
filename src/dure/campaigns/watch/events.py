"""What the watch says of a campaign that it stopped."""

from __future__ import annotations

SIGNS = {
    "bounced": ("반송이 많습니다", "Too many bounces"),
    "complained": ("스팸 신고가 많습니다", "Too many complaints"),
    "failed": ("실패가 많습니다", "Too many failures"),
    "balance": ("대조군의 크기가 뽑은 비율과 다릅니다", "The control is not as large as it was drawn"),
}
