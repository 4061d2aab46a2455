"""Drawing a queue number."""

from agent.journeys.line import LineService
from agent.screen.page.activities.queue import CODE, RIGHT, SERVICES, Asked

SERVICES_HERE = (
    LineService(code="CT", vi="Chứng thực", en="Certification", letter="C"),
    LineService(
        code="HT", vi="Hộ tịch: khai sinh, kết hôn, khai tử", en="Civil status: birth, marriage, death", letter="H"
    ),
    LineService(code="DD", vi="Đất đai, xây dựng", en="Land and building", letter="D"),
    LineService(code="XH", vi="Chính sách xã hội", en="Social support", letter="X"),
)
TABLE = {
    "services": Asked(scene=SERVICES, services=SERVICES_HERE, online=True),
    "right": Asked(scene=RIGHT, services=SERVICES_HERE, online=True, service="CT"),
    "code": Asked(scene=CODE, services=SERVICES_HERE, online=True, code="4T7K9"),
    "code-offline": Asked(scene=CODE, services=SERVICES_HERE, online=False),
}
BUILT_KEYS = ()
