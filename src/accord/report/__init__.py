"""The report: one self-contained HTML page that an analyst can read, print, and trace number by number."""

from accord.report.page import page
from accord.report.view import ReportView
from accord.report.write import write_report

__all__ = ["ReportView", "page", "write_report"]
