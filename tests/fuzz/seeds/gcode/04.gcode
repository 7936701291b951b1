;FLAVOR:Marlin
;TIME:7264
;Filament used: 2.34567m, 0.5m
;Layer height: 0.1
;Generated with Cura_SteamEngine 5.7.1
G28
