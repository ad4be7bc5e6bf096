"""What every chart of an area says of itself under its title: whose it is, and whether it may be passed on."""

from forecast.inputs.about import About
from forecast.report.charts import SUBTITLE_WIDTH
from forecast.report.phrases import area_name, even_lines
from forecast.report.run_folder import SENSITIVE


def subtitle(about: About, words: str) -> list[str]:
    """Lines under the title of a chart: its marking if it has one, the area, then `words`.

    A chart is copied into a paper without the page around it, so the marking stands in its picture.
    """
    marked = f"{SENSITIVE}. " if about.confidential else ""
    return even_lines(f"{marked}{area_name(about)}. {words}", SUBTITLE_WIDTH)
