"""The 13-week forecast by the direct method. Source: definitions.md, 13-week forecast."""

from rowcol.domain.forecast.record import Forecast as Forecast
from rowcol.domain.forecast.scenario import Scenario as Scenario
