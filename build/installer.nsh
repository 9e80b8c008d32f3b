; "Open with" for pictures and an entry in the menu of folders. Registered beside what is there: no format changes hands.

!macro supported EXTENSION
  WriteRegStr SHELL_CONTEXT "Software\Classes\Applications\${APP_EXECUTABLE_FILENAME}\SupportedTypes" "${EXTENSION}" ""
!macroend

!macro customInstall
  WriteRegStr SHELL_CONTEXT "Software\Classes\Applications\${APP_EXECUTABLE_FILENAME}" "FriendlyAppName" "${PRODUCT_NAME}"
  WriteRegStr SHELL_CONTEXT "Software\Classes\Applications\${APP_EXECUTABLE_FILENAME}\shell\open\command" "" '"$INSTDIR\${APP_EXECUTABLE_FILENAME}" "%1"'
  !insertmacro supported ".jpg"
  !insertmacro supported ".jpeg"
  !insertmacro supported ".png"
  !insertmacro supported ".webp"
  !insertmacro supported ".avif"
  !insertmacro supported ".heic"
  !insertmacro supported ".heif"
  !insertmacro supported ".jxl"
  !insertmacro supported ".gif"
  !insertmacro supported ".tif"
  !insertmacro supported ".tiff"
  WriteRegStr SHELL_CONTEXT "Software\Classes\Directory\shell\Afterimage" "" "Search in ${PRODUCT_NAME}"
  WriteRegStr SHELL_CONTEXT "Software\Classes\Directory\shell\Afterimage" "Icon" "$INSTDIR\${APP_EXECUTABLE_FILENAME}"
  WriteRegStr SHELL_CONTEXT "Software\Classes\Directory\shell\Afterimage\command" "" '"$INSTDIR\${APP_EXECUTABLE_FILENAME}" "%V"'
  WriteRegStr SHELL_CONTEXT "Software\Classes\afterimage" "" "URL:Afterimage search"
  WriteRegStr SHELL_CONTEXT "Software\Classes\afterimage" "URL Protocol" ""
  WriteRegStr SHELL_CONTEXT "Software\Classes\afterimage\shell\open\command" "" '"$INSTDIR\${APP_EXECUTABLE_FILENAME}" "%1"'
!macroend

!macro customUnInstall
  DeleteRegKey SHELL_CONTEXT "Software\Classes\Applications\${APP_EXECUTABLE_FILENAME}"
  DeleteRegKey SHELL_CONTEXT "Software\Classes\Directory\shell\Afterimage"
  DeleteRegKey SHELL_CONTEXT "Software\Classes\afterimage"
!macroend
